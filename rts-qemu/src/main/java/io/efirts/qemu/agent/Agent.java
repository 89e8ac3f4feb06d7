// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.agent;

import io.efirts.api.map.MappedPages;
import io.efirts.api.map.MemoryMap;
import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.spec.EfiMemoryAttributesTable;
import io.efirts.api.spi.NanoClock;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An agent that has come up: what it says of its machine, and the way to it.
 *
 * <p>Immutable but for the requests, see {@link AgentLink}.
 */
public final class Agent {
  private static final long LOOK_NANOS = 2_000_000;

  /** A hundred times that of firmware with many drivers. */
  private static final long MOST_ATTRIBUTES_BYTES = 1 << 20;

  private final GuestMemory memory;
  private final Mailbox mailbox;
  private final Announcement announcement;
  private final AgentLink link;

  private Agent(
      GuestMemory memory,
      Mailbox mailbox,
      Announcement announcement,
      AgentHost host,
      NanoClock clock) {
    this.memory = memory;
    this.mailbox = mailbox;
    this.announcement = announcement;
    this.link = new AgentLink(this, mailbox, host, clock);
  }

  /**
   * The agent's program, for firmware to start.
   *
   * @param architecture whose
   * @return a PE file
   */
  public static byte[] program(AgentArch architecture) {
    return AgentImage.file(architecture.fileName());
  }

  /**
   * Waits until the agent has come up. Blocks.
   *
   * @param memory the guest's memory
   * @param architecture the guest's
   * @param host its machine
   * @param limitNanos how long to wait
   * @return the agent
   * @throws AgentException if it does not come up in time, the machine ends, or it says what cannot
   *     be
   */
  public static Agent await(
      GuestMemory memory, AgentArch architecture, AgentHost host, long limitNanos) {
    return await(memory, architecture, host, limitNanos, NanoClock.SYSTEM);
  }

  static Agent await(
      GuestMemory memory,
      AgentArch architecture,
      AgentHost host,
      long limitNanos,
      NanoClock clock) {
    Mailbox mailbox = Mailbox.at(memory, architecture.arena());
    long start = clock.nanoTime();
    while (!Announcement.isThere(mailbox)) {
      if (!host.isAlive()) {
        throw new AgentException("machine must run until the agent is there: it has ended");
      }
      long waited = clock.nanoTime() - start;
      if (waited > limitNanos) {
        throw new AgentException("agent must come up in time: waitedMillis=" + waited / 1_000_000);
      }
      clock.parkNanos(mailbox, LOOK_NANOS);
    }
    return new Agent(memory, mailbox, Announcement.read(mailbox, architecture.code()), host, clock);
  }

  /**
   * The way to it.
   *
   * @return always the same link
   */
  public AgentLink link() {
    return link;
  }

  /**
   * Registers for calls, at first as the agent found them.
   *
   * @param crash whether they are those of a crash
   * @return the register file of ordinary or of crash calls
   */
  public RegisterFile registers(boolean crash) {
    RegisterFile file =
        new RegisterFile(mailbox, Mailbox.CALL_REGISTERS + (crash ? Mailbox.REGISTERS_BYTES : 0));
    file.copyOf(foundRegisters());
    return file;
  }

  /**
   * The registers that the agent has found, and runs with.
   *
   * @return another view of the same file each time
   */
  public RegisterFile foundRegisters() {
    return new RegisterFile(mailbox, Mailbox.FOUND_REGISTERS);
  }

  /**
   * Whether firmware may be running. Meant for a machine that is stopped; otherwise the answer is
   * old.
   *
   * @return true between the start of a call and its answer
   */
  public boolean isInside() {
    return mailbox.isInside();
  }

  /**
   * Says where a debugger found the processor that it sends to {@link #unwindAddress}. While the
   * machine is stopped.
   *
   * @param programCounter where the call was
   */
  public void unwoundAt(long programCounter) {
    mailbox.unwoundAt(programCounter);
  }

  /**
   * Firmware's memory map, as it was when boot services ended.
   *
   * @return the map
   */
  public MemoryMap memoryMap() {
    return announcement.memoryMap();
  }

  /**
   * Where the EFI system table lies.
   *
   * @return its physical address
   */
  public PhysicalAddress systemTable() {
    return new PhysicalAddress(announcement.systemTable());
  }

  /**
   * Firmware's memory attributes table.
   *
   * @return the table, or nothing if firmware has none
   * @throws AgentException if it cannot be read
   */
  public Optional<EfiMemoryAttributesTable> attributesTable() {
    long address = announcement.attributesTable();
    if (address == 0) {
      return Optional.empty();
    }
    MemoryRegion region = memory.regionAt(address);
    if (region == null) {
      throw new AgentException(
          "memory attributes table must lie in memory: address=0x" + Long.toHexString(address));
    }
    try {
      MemorySegment rest = region.bytes().asSlice(region.offsetOf(address));
      return Optional.of(
          EfiMemoryAttributesTable.read(
              rest.asSlice(0, Math.min(rest.byteSize(), MOST_ATTRIBUTES_BYTES)), 0));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new AgentException("memory attributes table must be sound: " + e.getMessage(), e);
    }
  }

  /**
   * Where calls return to.
   *
   * @return an address in the agent's code
   */
  public long returnAddress() {
    return announcement.returnAddress();
  }

  /**
   * Where a debugger sends a call that does not return.
   *
   * @return an address in the agent's code
   */
  public long unwindAddress() {
    return announcement.unwindAddress();
  }

  /**
   * Memory of the guest that is the host's to use. Firmware neither uses it nor is told to convert
   * it.
   *
   * @return a region behind the mailbox
   */
  public MemoryRegion arena() {
    return region(mailbox.addressOf(Mailbox.BYTES), announcement.arenaBytes() - Mailbox.BYTES);
  }

  /**
   * What every address space has to map where it lies: the agent and its mailbox.
   *
   * @return pages and how to map them
   */
  public List<MappedPages> ranges() {
    MemorySegment image = region(announcement.imageBase(), announcement.imageBytes()).bytes();
    List<MappedPages> ranges =
        new ArrayList<>(AgentImage.sections(image, announcement.imageBase()));
    ranges.add(
        new MappedPages(
            mailbox.addressOf(0), Mailbox.BYTES / AddressSpace.PAGE_BYTES, MappingAttributes.DATA));
    return List.copyOf(ranges);
  }

  private MemoryRegion region(long address, long lengthBytes) {
    MemoryRegion region = memory.regionAt(address);
    if (region == null || region.bytes().byteSize() - region.offsetOf(address) < lengthBytes) {
      throw new AgentException(
          "agent must lie in the guest's memory: address=0x"
              + Long.toHexString(address)
              + ", length=0x"
              + Long.toHexString(lengthBytes));
    }
    return new MemoryRegion(
        new PhysicalAddress(address),
        region.bytes().asSlice(region.offsetOf(address), lengthBytes));
  }
}

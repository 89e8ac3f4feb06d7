// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu;

import io.efirts.api.map.MemoryMap;
import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.spec.EfiMemoryAttributesTable;
import io.efirts.api.spi.Firmware;
import io.efirts.api.spi.FirmwareContext;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.api.spi.VirtualModeHost;
import io.efirts.qemu.agent.Agent;
import io.efirts.qemu.agent.AgentArch;
import io.efirts.qemu.agent.AgentException;
import io.efirts.qemu.agent.AgentHost;
import io.efirts.qemu.agent.Ending;
import io.efirts.qemu.call.FirmwareTablesContext;
import io.efirts.qemu.call.GuestProcessor;
import io.efirts.qemu.call.QemuFirmware;
import io.efirts.qemu.call.ServiceEntries;
import io.efirts.qemu.machine.GuestArch;
import io.efirts.qemu.machine.MachineSnapshot;
import io.efirts.qemu.machine.QemuMachine;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A machine in which real firmware has left boot services and answers runtime services.
 *
 * <pre>{@code
 * QemuGuest guest = QemuGuest.boot(GuestSettings.of(GuestArch.X86_64));
 * FirmwareInstance instance =
 *     VirtualModeSwitch.perform(guest.firmware(), guest.host(), InterruptControl.NONE);
 * }</pre>
 *
 * <p>Made, and its hosts too, by one thread, before the first call. A guest serves one firmware
 * instance at a time: a second host reuses the memory of the first.
 */
public abstract sealed class QemuGuest implements AutoCloseable permits X86Guest, Arm64Guest {
  /**
   * Room for the work items and stacks of {@link #underFirmwareTables}, of calls and of a crash.
   */
  private static final long PIECE_BYTES = 6 << 20;

  private final GuestSettings settings;
  private final QemuMachine machine;
  private final Agent agent;
  private final ServiceEntries entries;

  QemuGuest(GuestSettings settings, QemuMachine machine, Agent agent) {
    this.settings = settings;
    this.machine = machine;
    this.agent = agent;
    this.entries = ServiceEntries.find(machine.memory(), agent.systemTable());
  }

  /**
   * Boots a machine. Blocks, for some seconds.
   *
   * @param settings what it is made of
   * @return the guest, at the end of boot services, or past them
   * @throws io.efirts.qemu.machine.MachineException if something is not installed or does not start
   * @throws AgentException if firmware does not get to the agent in time
   */
  public static QemuGuest boot(GuestSettings settings) {
    AgentArch arch = agentArch(settings.machine().arch());
    return await(
        QemuMachine.start(settings.machine().withKernel(Agent.program(arch))), settings, arch);
  }

  /**
   * Brings a guest back as it was when it was {@linkplain #snapshot saved}, in a machine of its own
   * with a copy of the variables. Blocks, for a fraction of a second.
   *
   * @param snapshot a guest at rest; not changed
   * @param settings as it was booted with
   * @return the guest
   * @throws io.efirts.qemu.machine.MachineException if something is not installed or does not start
   * @throws AgentException if the agent is not there
   */
  public static QemuGuest restore(MachineSnapshot snapshot, GuestSettings settings) {
    return await(QemuMachine.restore(snapshot), settings, agentArch(snapshot.settings().arch()));
  }

  /** Takes a machine that is in use by whoever started it. */
  private static QemuGuest await(QemuMachine machine, GuestSettings settings, AgentArch arch) {
    try {
      AgentHost host = new MachineHost(machine);
      Agent agent = Agent.await(machine.memory(), arch, host, settings.bootLimit().toNanos());
      machine.power().end();
      return switch (machine.settings().arch()) {
        case X86_64 -> new X86Guest(settings, machine, agent);
        case ARM64 -> new Arm64Guest(settings, machine, agent);
      };
    } catch (AgentException e) {
      String why = e.getMessage() + ": " + machine.exitDescription();
      throw closing(machine, new AgentException(why, e));
    } catch (RuntimeException e) {
      throw closing(machine, e);
    } catch (Error e) {
      throw closing(machine, e);
    }
  }

  private static AgentArch agentArch(GuestArch arch) {
    return switch (arch) {
      case X86_64 -> AgentArch.X86_64;
      case ARM64 -> AgentArch.AARCH64;
    };
  }

  private static <T extends Throwable> T closing(QemuMachine machine, T failure) {
    try {
      machine.close();
    } catch (RuntimeException second) {
      failure.addSuppressed(second);
    }
    return failure;
  }

  /**
   * The processor of ordinary calls, or of a crash.
   *
   * @param crash which
   * @return always the same of each
   */
  abstract GuestProcessor processor(boolean crash);

  /**
   * Page tables and contexts for this guest, made by its architecture's module: isolated for
   * ordinary calls, with firmware's memory attributes table in effect once it is at virtual
   * addresses; a full 1:1 map for SetVirtualAddressMap and for a crash.
   *
   * @return a new host, in the guest's arena
   */
  public abstract VirtualModeHost host();

  /**
   * The firmware, to be called in a context of this guest's.
   *
   * @return a new firmware object over the same firmware
   */
  public Firmware firmware() {
    return new QemuFirmware(
        agent.link(), processor(false), processor(true), entries, settings.callLimit().toNanos());
  }

  /**
   * The firmware in the address space that it has left itself.
   *
   * @return an instance with contexts of its own; it uses the arena
   */
  public FirmwareInstance underFirmwareTables() {
    MemoryRegion arena = agent.arena();
    return new FirmwareInstance(
        firmware(), context(arena, 0, false), context(arena, PIECE_BYTES, true));
  }

  private FirmwareContext context(MemoryRegion arena, long offset, boolean crash) {
    MemoryRegion own =
        new MemoryRegion(
            new PhysicalAddress(arena.base().value() + offset),
            arena.bytes().asSlice(offset, PIECE_BYTES));
    return new FirmwareTablesContext(processor(crash), machine.memory(), own, agent.memoryMap());
  }

  /**
   * The firmware behind page tables of ours, at its physical addresses.
   *
   * @return an instance in the contexts of a new host
   */
  public FirmwareInstance atPhysicalAddresses() {
    VirtualModeHost host = host();
    return new FirmwareInstance(firmware(), host.context(), host.crashContext());
  }

  /**
   * Has the guest copy memory, after which its processor runs the new bytes, where they are code.
   * Not while a call is inside.
   *
   * @param target physical address
   * @param source physical address
   * @param lengthBytes how much
   * @throws IllegalArgumentException if either is not in the guest's RAM
   * @throws AgentException if the guest does not
   */
  public void copy(long target, long source, long lengthBytes) {
    requireRam("target", target, lengthBytes);
    requireRam("source", source, lengthBytes);
    Ending ending = agent.link().copy(target, source, lengthBytes);
    if (ending != Ending.RETURNED) {
      throw new AgentException("guest must copy its memory: ending=" + ending);
    }
  }

  private void requireRam(String what, long address, long lengthBytes) {
    MemoryRegion region = memory().regionAt(address);
    if (region == null
        || lengthBytes <= 0
        || lengthBytes > region.bytes().byteSize() - region.offsetOf(address)) {
      throw new IllegalArgumentException(
          what
              + " must lie in the guest's RAM: address=0x"
              + Long.toHexString(address)
              + ", length="
              + lengthBytes);
    }
  }

  /**
   * Saves the guest as it is, firmware's variables and memory included; it runs on afterwards. Not
   * while a call is inside. Blocks.
   *
   * @param target a directory that is made, or is empty
   * @return the guest at rest
   * @throws io.efirts.qemu.machine.MachineException if the directory is not empty or not writable,
   *     or QEMU fails or is late
   */
  public MachineSnapshot snapshot(Path target) {
    return machine.snapshot(target);
  }

  /**
   * Whether a call is inside firmware at this moment. Any thread; old at once.
   *
   * @return true between the start of a call and its answer
   */
  public boolean isInside() {
    return agent.isInside();
  }

  /**
   * The machine.
   *
   * @return always the same
   */
  public QemuMachine machine() {
    return machine;
  }

  /**
   * The agent in it.
   *
   * @return always the same
   */
  Agent agent() {
    return agent;
  }

  /**
   * Firmware's memory map, as it was when boot services ended.
   *
   * @return the map
   */
  public MemoryMap memoryMap() {
    return agent.memoryMap();
  }

  /**
   * Where the EFI system table lies.
   *
   * @return its physical address
   */
  public PhysicalAddress systemTable() {
    return agent.systemTable();
  }

  /**
   * Firmware's memory attributes table.
   *
   * @return the table, or nothing if firmware has none
   * @throws AgentException if it cannot be read
   */
  public Optional<EfiMemoryAttributesTable> attributesTable() {
    return agent.attributesTable();
  }

  /**
   * The guest's RAM.
   *
   * @return shared with the guest
   */
  public GuestMemory memory() {
    return machine.memory();
  }

  /**
   * Memory that is the host's to use, as long as no host and no context is made of it: both begin
   * at its start.
   *
   * @return a region that firmware does not know
   */
  public MemoryRegion arena() {
    return agent.arena();
  }

  /** Ends the machine; calls that are inside fault. */
  @Override
  public void close() {
    machine.close();
  }
}

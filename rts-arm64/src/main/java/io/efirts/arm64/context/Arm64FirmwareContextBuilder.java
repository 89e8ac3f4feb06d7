// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.context;

import io.efirts.api.call.CallMemory;
import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.space.FirmwareSpace;
import io.efirts.api.spi.NanoClock;
import io.efirts.arm64.paging.PageTables;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * What an {@link Arm64FirmwareContext} is made of. Call memory and stacks must be given; they are
 * the context's alone. For one thread.
 */
public final class Arm64FirmwareContextBuilder {
  private final FirmwareSpace<PageTables> space;
  private final SchedulerHooks scheduler;
  private final GuestMemory memory;
  private AddressSpace seenThrough;
  private PhysicalAddress callMemoryBase;
  private long callMemoryBytes;
  private EfiStacks stacks;
  private boolean hasReturnAddress;
  private long returnAddress;
  private MaskedInterrupts maskedInterrupts = new MaskedInterrupts(NanoClock.SYSTEM);

  Arm64FirmwareContextBuilder(
      FirmwareSpace<PageTables> space, SchedulerHooks scheduler, GuestMemory memory) {
    this.space = Objects.requireNonNull(space, "space");
    this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
    this.memory = Objects.requireNonNull(memory, "memory");
    this.seenThrough = space.tables();
  }

  /**
   * Where work items lie: guest memory that the address space maps identically, at the latest when
   * it is lent.
   *
   * @param base physical address of the first byte, a multiple of 4096
   * @param lengthBytes number of bytes, a positive multiple of 4096
   * @return this
   */
  public Arm64FirmwareContextBuilder callMemory(PhysicalAddress base, long lengthBytes) {
    callMemoryBase = Objects.requireNonNull(base, "base");
    callMemoryBytes = lengthBytes;
    return this;
  }

  /**
   * The stacks: guest memory that the address space maps identically, at the latest when a save
   * area is made. A dispatcher makes {@link EfiStacks#DISPATCHER_COUNT} save areas in its context
   * of ordinary calls, and one in its crash context.
   *
   * @param stacks their layout
   * @return this
   */
  public Arm64FirmwareContextBuilder stacks(EfiStacks stacks) {
    this.stacks = Objects.requireNonNull(stacks, "stacks");
    return this;
  }

  /**
   * What {@link Arm64FirmwareContext#memory} looks through instead of the space's own tables, to
   * watch or to restrict what firmware in Java touches.
   *
   * @param witness an address space of the same content
   * @return this
   */
  public Arm64FirmwareContextBuilder seenThrough(AddressSpace witness) {
    seenThrough = Objects.requireNonNull(witness, "witness");
    return this;
  }

  /**
   * Where firmware that is code returns to: an instruction at which the hypervisor gets the
   * processor back. PC is set to it at each entry, and a call that leaves with another PC counts as
   * unwound. Without it PC stays what it is at the entry.
   *
   * @param address an executable address of the space
   * @return this
   */
  public Arm64FirmwareContextBuilder returnAddress(long address) {
    hasReturnAddress = true;
    returnAddress = address;
    return this;
  }

  /**
   * Measures how long firmware keeps interrupts masked; one of its own, by the JVM's clock, if this
   * is not called.
   *
   * @param measure told of firmware's writes of DAIF by whoever sees them
   * @return this
   */
  public Arm64FirmwareContextBuilder maskedInterrupts(MaskedInterrupts measure) {
    maskedInterrupts = Objects.requireNonNull(measure, "measure");
    return this;
  }

  /**
   * Makes the context; zeroes the call memory.
   *
   * @return a context that has not been entered
   * @throws IllegalStateException if call memory or stacks were not given
   * @throws IllegalArgumentException if the current processor is not set up as the space's tables
   *     need it, if the stacks are for another granule, or if call memory or stacks do not lie
   *     where the guest has memory
   */
  public Arm64FirmwareContext build() {
    if (callMemoryBase == null || stacks == null) {
      throw new IllegalStateException(
          "a context needs call memory and stacks: callMemory="
              + callMemoryBase
              + ", stacks="
              + stacks);
    }
    ModeCheck.require(space.tables(), scheduler.currentVcpu());
    if (stacks.granule() != space.tables().mode().granule()) {
      throw new IllegalArgumentException(
          "stacks must be for the address space's granule: stacks="
              + stacks.granule()
              + ", tables="
              + space.tables().mode().granule());
    }
    MemorySegment bytes = guestBytes("call memory", callMemoryBase.value(), callMemoryBytes);
    for (int i = 0; i < stacks.count(); i++) {
      guestBytes("stack", stacks.bottom(i), stacks.stackBytes());
    }
    bytes.fill((byte) 0);
    return new Arm64FirmwareContext(
        this, new CallMemory(bytes, callMemoryBase.value(), callMemoryBase));
  }

  private MemorySegment guestBytes(String what, long start, long lengthBytes) {
    if ((start | lengthBytes) % AddressSpace.PAGE_BYTES != 0 || lengthBytes <= 0) {
      throw refused(what + " must be a positive multiple of 4096", start, lengthBytes);
    }
    MemoryRegion region = memory.regionAt(start);
    if (region == null || lengthBytes > region.bytes().byteSize() - region.offsetOf(start)) {
      throw refused(what + " must lie in one region of guest memory", start, lengthBytes);
    }
    return region.bytes().asSlice(region.offsetOf(start), lengthBytes);
  }

  private static IllegalArgumentException refused(String rule, long start, long lengthBytes) {
    return new IllegalArgumentException(
        rule
            + ": start=0x"
            + Long.toHexString(start)
            + ", length=0x"
            + Long.toHexString(lengthBytes));
  }

  FirmwareSpace<PageTables> space() {
    return space;
  }

  SchedulerHooks scheduler() {
    return scheduler;
  }

  Preemption preemption() {
    if (scheduler instanceof SingleProcessor) {
      return Preemption.NO_SCHEDULER;
    }
    return scheduler.usesSoftwarePan() ? Preemption.SOFTWARE_PAN : Preemption.PREEMPTIBLE;
  }

  GuestMemory memory() {
    return memory;
  }

  AddressSpace seenThrough() {
    return seenThrough;
  }

  EfiStacks stacks() {
    return stacks;
  }

  boolean hasReturnAddress() {
    return hasReturnAddress;
  }

  long returnAddress() {
    return returnAddress;
  }

  MaskedInterrupts maskedInterrupts() {
    return maskedInterrupts;
  }
}

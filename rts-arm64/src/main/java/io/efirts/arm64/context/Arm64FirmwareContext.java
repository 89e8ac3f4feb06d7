// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.context;

import io.efirts.api.call.CallMemory;
import io.efirts.api.memory.Access;
import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.space.FirmwareSpace;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spi.FirmwareContext;
import io.efirts.arm64.paging.PageTables;
import io.efirts.arm64.paging.PagingMode;
import io.efirts.arm64.vcpu.Arm64Vcpu;
import io.efirts.arm64.vcpu.FpsimdImage;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Binds an address space to arm64 processors at EL1. Inside, firmware finds what UEFI 2.10 section
 * 2.3.6 promises it: the address space's tables in TTBR0_EL1, a stack of its own for each entry,
 * aligned to 16 bytes, floating point that does not trap, FPCR 0, streaming SVE mode left.
 * Interrupts stay as they are. Afterwards everything is as it was before, whatever firmware did:
 * vectors and predicates of SVE and SME too, which a call may clear. The matrix registers are left
 * alone.
 *
 * <p>What firmware broke is told only of a call that has come back, which is when PC is again what
 * it was at the entry: there the code returns to that runs the call (see {@link
 * Arm64FirmwareContextBuilder#returnAddress}), and firmware in Java never moves it. A call that a
 * fault ended in the middle of its code (see {@link ExceptionRecovery}) rightly has registers and
 * stack in use, so nothing is blamed on it but a stack that has overflowed.
 *
 * <p>A context with a scheduler is entered on whatever processor its caller is, and stays there. A
 * task that has adopted the address space can be preempted inside; anybody else's call disables
 * preemption, as does every call where {@link #preemption} says so.
 *
 * <p>For ordinary calls and for a crash alike: a crash context is another one of these, over its
 * own address space, call memory and stacks, on the same processors. It may be entered while the
 * first one was stopped inside, by a panic as by an interrupt on the same processor.
 */
public final class Arm64FirmwareContext implements FirmwareContext {
  private final FirmwareSpace<PageTables> space;
  private final SchedulerHooks scheduler;
  private final Preemption preemption;
  private final GuestMemory memory;
  private final AddressSpaceView view;
  private final CallMemory callMemory;
  private final EfiStacks stacks;
  private final boolean hasReturnAddress;
  private final long returnAddress;
  private final MaskedInterrupts maskedInterrupts;
  private final long root;
  private final AdoptedAddressSpace adopted;
  private final MemorySegment initialFpState = FpsimdImage.initial();

  /** The save areas, each at the index of its stack. */
  private final EntryState[] entries;

  private int stacksTaken;
  private long entriesMade;

  Arm64FirmwareContext(Arm64FirmwareContextBuilder builder, CallMemory callMemory) {
    this.space = builder.space();
    this.scheduler = builder.scheduler();
    this.preemption = builder.preemption();
    this.memory = builder.memory();
    this.callMemory = callMemory;
    this.stacks = builder.stacks();
    this.hasReturnAddress = builder.hasReturnAddress();
    this.returnAddress = builder.returnAddress();
    this.maskedInterrupts = builder.maskedInterrupts();
    this.root = space.tables().root();
    this.adopted = new AdoptedAddressSpace(root);
    this.view = new AddressSpaceView(builder.seenThrough(), memory);
    this.entries = new EntryState[stacks.count()];
  }

  /**
   * Begins to describe a context on one processor, without a scheduler.
   *
   * @param space where firmware is called; its root is loaded as it is now
   * @param vcpu the processor it is called on
   * @param memory the guest's memory, in which tables, call memory and stacks lie
   * @return a builder with the defaults its methods name
   */
  public static Arm64FirmwareContextBuilder builder(
      FirmwareSpace<PageTables> space, Arm64Vcpu vcpu, GuestMemory memory) {
    return builder(space, new SingleProcessor(vcpu), memory);
  }

  /**
   * Begins to describe a context on whatever processor its caller runs.
   *
   * @param space where firmware is called; its root is loaded as it is now
   * @param scheduler tells the processor, and keeps callers there
   * @param memory the guest's memory, in which tables, call memory and stacks lie
   * @return a builder with the defaults its methods name
   */
  public static Arm64FirmwareContextBuilder builder(
      FirmwareSpace<PageTables> space, SchedulerHooks scheduler, GuestMemory memory) {
    return new Arm64FirmwareContextBuilder(space, scheduler, memory);
  }

  /**
   * Whether calls can be preempted, and if not, why.
   *
   * @return always the same
   */
  public Preemption preemption() {
    return preemption;
  }

  /**
   * The address space as the worker's, for the host's scheduler.
   *
   * @return always the same
   * @throws IllegalStateException if no task can adopt it, since calls are not preemptible
   */
  public AdoptedAddressSpace adoptedSpace() {
    if (preemption != Preemption.PREEMPTIBLE) {
      throw new IllegalStateException(
          "an address space is adopted for preemptible calls only: preemption="
              + preemption.name());
    }
    return adopted;
  }

  /**
   * How long firmware keeps interrupts masked.
   *
   * @return what the builder was given, or a measure of its own
   */
  public MaskedInterrupts maskedInterrupts() {
    return maskedInterrupts;
  }

  /**
   * {@inheritDoc}
   *
   * @return the memory given to the builder, always the same; it was zeroed when the context was
   *     made
   * @throws IllegalArgumentException also if the address space does not map it identically and
   *     writable
   */
  @Override
  public CallMemory callMemory(long lengthBytes) {
    long available = callMemory.segment().byteSize();
    if (lengthBytes > available) {
      throw new IllegalArgumentException(
          "call memory must hold every work item: needed="
              + lengthBytes
              + ", available="
              + available);
    }
    requireMapped("call memory", callMemory.firmwareAddress(), available);
    return callMemory;
  }

  @Override
  public AddressSpaceView memory() {
    return view;
  }

  /**
   * {@inheritDoc} Each has the next one of the stacks.
   *
   * @throws IllegalStateException if no stack is left
   * @throws IllegalArgumentException if the address space does not map the stack identically and
   *     writable
   */
  @Override
  public SaveArea newSaveArea() {
    if (stacksTaken == stacks.count()) {
      throw new IllegalStateException(
          "every save area must have a stack of its own: stacks=" + stacks.count());
    }
    int index = stacksTaken;
    long bottom = stacks.bottom(index);
    requireMapped("stack", bottom, stacks.stackBytes());
    MemoryRegion region = memory.regionAt(bottom);
    MemorySegment stack = region.bytes().asSlice(region.offsetOf(bottom), stacks.stackBytes());
    int vectorBytes = scheduler.currentVcpu().vectorStateBytes();
    entries[index] = new EntryState(stacks, index, stack, vectorBytes);
    stacksTaken++;
    return entries[index];
  }

  private void requireMapped(String what, long start, long lengthBytes) {
    PageTables tables = space.tables();
    for (long at = start; at < start + lengthBytes; at += AddressSpace.PAGE_BYTES) {
      if (tables.translate(at, Access.WRITE) != at) {
        throw new IllegalArgumentException(
            what
                + " must be mapped identically and writable: address=0x"
                + Long.toHexString(at)
                + ", start=0x"
                + Long.toHexString(start)
                + ", length=0x"
                + Long.toHexString(lengthBytes));
      }
    }
  }

  @Override
  public void enter(SaveArea saveArea) {
    EntryState state = (EntryState) saveArea;
    boolean preemptible = pinCaller();
    Arm64Vcpu vcpu = scheduler.currentVcpu();
    space.prepareEntry();
    state.save(vcpu, preemptible, ++entriesMade);
    if (preemptible) {
      adopted.begin(vcpu);
    }
    maskedInterrupts.begin(state.masked(), vcpu.daif());
    state.set(initialFpState, hasReturnAddress, returnAddress);
    state.activate(root);
  }

  /**
   * Keeps the caller on its processor. True if it may be preempted there: only who finds the
   * address space active has adopted it, and would get it back.
   */
  private boolean pinCaller() {
    if (preemption != Preemption.PREEMPTIBLE || !scheduler.isPreemptible()) {
      scheduler.preemptDisable();
      return false;
    }
    scheduler.migrateDisable();
    if (scheduler.currentVcpu().addressSpaceRoot() == root) {
      return true;
    }
    scheduler.preemptDisable();
    scheduler.migrateEnable();
    return false;
  }

  @Override
  public int leave(SaveArea saveArea) {
    EntryState state = (EntryState) saveArea;
    int broken = state.broken();
    maskedInterrupts.end(state.masked(), state.returnedDaif());
    state.restore();
    if (state.isPreemptible()) {
      adopted.end();
      scheduler.migrateEnable();
    } else {
      scheduler.preemptEnable();
    }
    return broken;
  }

  /**
   * The innermost entry on a processor, if it has that stack pointer on its stack, or null. An
   * outer one could not be ended before it.
   */
  EntryState entryOf(Arm64Vcpu vcpu, long stackPointer) {
    EntryState innermost = null;
    for (int i = 0; i < stacksTaken; i++) {
      if (entries[i].isInnerOf(innermost, vcpu)) {
        innermost = entries[i];
      }
    }
    return innermost != null && innermost.hasOnStack(stackPointer) ? innermost : null;
  }

  PagingMode mode() {
    return space.tables().mode();
  }

  @Override
  public EfiMemoryDescriptor nearestDescriptor(long address) {
    return space.nearestDescriptor(address);
  }

  @Override
  public List<String> explain(FirmwareFault fault) {
    return space.explain(fault);
  }
}

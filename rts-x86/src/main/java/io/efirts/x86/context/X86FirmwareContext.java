// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.context;

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
import io.efirts.x86.paging.PageTables;
import io.efirts.x86.vcpu.Cr3;
import io.efirts.x86.vcpu.FxsaveImage;
import io.efirts.x86.vcpu.X86Vcpu;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Binds an address space to an x86 processor. Inside, firmware finds what UEFI 2.10 section 2.3.4
 * (2.3.2 for 32 bits) promises it: the address space's tables in CR3, a stack of its own for each
 * entry, aligned to 16 bytes, DF clear, FCW 0x037F, MXCSR 0x1F80, empty floating-point registers,
 * CR0.EM and CR0.TS clear. Interrupts stay as they are. Afterwards everything is as it was before,
 * whatever firmware did.
 *
 * <p>What firmware broke is told only of a call that has come back, which is when RIP is again what
 * it was at the entry: there the code returns to that runs the call (see {@link
 * X86FirmwareContextBuilder#returnAddress}), and firmware in Java never moves it. A call that was
 * unwound by a fault in the middle of its code rightly has registers and stack in use, so nothing
 * is blamed on it but a stack that has overflowed.
 *
 * <p>For ordinary calls and for a crash alike: a crash context is another one of these, over its
 * own address space, call memory and stacks, on the same processor. It may be entered while the
 * first one was stopped inside.
 */
public final class X86FirmwareContext implements FirmwareContext {
  private final FirmwareSpace<PageTables> space;
  private final X86Vcpu vcpu;
  private final GuestMemory memory;
  private final AddressSpaceView view;
  private final CallMemory callMemory;
  private final EfiStacks stacks;
  private final boolean longMode;
  private final boolean hasReturnAddress;
  private final long returnAddress;

  /** CR3 inside, with the PCID. */
  private final long root;

  /** 0 if the address space has none. */
  private final long pcid;

  /** When a PCID is used: whether its translations have changed. */
  private final EntryFlush flush;

  private final MemorySegment initialFpState = FxsaveImage.initial();
  private int stacksTaken;

  X86FirmwareContext(X86FirmwareContextBuilder builder, CallMemory callMemory) {
    this.space = builder.space();
    this.vcpu = builder.vcpu();
    this.memory = builder.memory();
    this.callMemory = callMemory;
    this.stacks = builder.stacks();
    this.longMode = ModeCheck.isLong(space.tables().mode());
    this.hasReturnAddress = builder.hasReturnAddress();
    this.returnAddress = builder.returnAddress();
    this.pcid = builder.pcid();
    this.flush = builder.flush();
    this.root = space.tables().root() | pcid;
    this.view = new AddressSpaceView(builder.seenThrough(), memory);
  }

  /**
   * Begins to describe a context.
   *
   * @param space where firmware is called; its root is loaded as it is now
   * @param vcpu the processor it is called on
   * @param memory the guest's memory, in which tables, call memory and stacks lie
   * @return a builder with the defaults its methods name
   */
  public static X86FirmwareContextBuilder builder(
      FirmwareSpace<PageTables> space, X86Vcpu vcpu, GuestMemory memory) {
    return new X86FirmwareContextBuilder(space, vcpu, memory);
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
    long bottom = stacks.bottom(stacksTaken);
    requireMapped("stack", bottom, stacks.stackBytes());
    MemoryRegion region = memory.regionAt(bottom);
    MemorySegment canary = region.bytes().asSlice(region.offsetOf(bottom), Long.BYTES);
    EntryState state = new EntryState(longMode, stacks.top(stacksTaken), canary);
    stacksTaken++;
    return state;
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
    space.prepareEntry();
    state.save(vcpu);
    state.set(vcpu, initialFpState, hasReturnAddress, returnAddress);
    // Only now: what prepareEntry changed may have to be flushed.
    state.activate(vcpu, flush == null || flush.take() ? root : root | Cr3.NO_FLUSH);
  }

  @Override
  public int leave(SaveArea saveArea) {
    EntryState state = (EntryState) saveArea;
    int broken = state.broken(vcpu);
    boolean active = state.isActive(vcpu);
    if (!active && flush != null) {
      // What was translated under either PCID may come from the tables that were loaded.
      flush.flush(root, 0, -1);
    }
    state.restore(vcpu, active ? pcid : 0);
    return broken;
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

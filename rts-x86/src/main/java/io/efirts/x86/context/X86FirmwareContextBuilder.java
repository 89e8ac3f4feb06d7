// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.context;

import io.efirts.api.call.CallMemory;
import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.space.FirmwareSpace;
import io.efirts.x86.paging.PageTables;
import io.efirts.x86.vcpu.Cr3;
import io.efirts.x86.vcpu.Cr4;
import io.efirts.x86.vcpu.X86Vcpu;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * What an {@link X86FirmwareContext} is made of. Call memory and stacks must be given; they are the
 * context's alone. For one thread.
 */
public final class X86FirmwareContextBuilder {
  private static final long BEHIND_4_GIB = 1L << Integer.SIZE;

  private final FirmwareSpace<PageTables> space;
  private final X86Vcpu vcpu;
  private final GuestMemory memory;
  private AddressSpace seenThrough;
  private PhysicalAddress callMemoryBase;
  private long callMemoryBytes;
  private EfiStacks stacks;
  private boolean hasReturnAddress;
  private long returnAddress;
  private long pcid;
  private EntryFlush flush;

  X86FirmwareContextBuilder(FirmwareSpace<PageTables> space, X86Vcpu vcpu, GuestMemory memory) {
    this.space = Objects.requireNonNull(space, "space");
    this.vcpu = Objects.requireNonNull(vcpu, "vcpu");
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
  public X86FirmwareContextBuilder callMemory(PhysicalAddress base, long lengthBytes) {
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
  public X86FirmwareContextBuilder stacks(EfiStacks stacks) {
    this.stacks = Objects.requireNonNull(stacks, "stacks");
    return this;
  }

  /**
   * What {@link X86FirmwareContext#memory} looks through instead of the space's own tables, to
   * watch or to restrict what firmware in Java touches.
   *
   * @param witness an address space of the same content
   * @return this
   */
  public X86FirmwareContextBuilder seenThrough(AddressSpace witness) {
    seenThrough = Objects.requireNonNull(witness, "witness");
    return this;
  }

  /**
   * Where firmware that is code returns to: an instruction at which the hypervisor gets the
   * processor back. RIP is set to it at each entry, and a call that leaves with another RIP counts
   * as unwound. Without it RIP stays what it is at the entry.
   *
   * @param address an executable address of the space
   * @return this
   */
  public X86FirmwareContextBuilder returnAddress(long address) {
    hasReturnAddress = true;
    returnAddress = address;
    return this;
  }

  /**
   * A process-context identifier for the address space: its translations, and the host's, survive
   * the loads of CR3. Without one each load empties the TLB. Neither the host nor another address
   * space uses it on this processor, and no page of the space is global.
   *
   * @param pcid 1 to 4095
   * @param flush told of every change of translations, so that the next entry flushes: by the
   *     space's tables ({@link io.efirts.x86.paging.PageTablesBuilder#tlbFlush}), and by the host
   *     when it changes or takes away what the space shares with it, which the space cannot know
   * @return this
   * @throws IllegalArgumentException if there is no such PCID
   */
  public X86FirmwareContextBuilder pcid(int pcid, EntryFlush flush) {
    if (pcid < 1 || pcid > Cr3.PCID) {
      throw new IllegalArgumentException("pcid must be 1 to 4095: pcid=" + pcid);
    }
    this.pcid = pcid;
    this.flush = Objects.requireNonNull(flush, "flush");
    return this;
  }

  /**
   * Makes the context; zeroes the call memory.
   *
   * @return a context that has not been entered
   * @throws IllegalStateException if call memory or stacks were not given
   * @throws IllegalArgumentException if the processor is not in the mode that the space's tables
   *     are for, if it has no PCIDs and one was given, or if call memory or stacks do not lie where
   *     the guest has memory and the processor reaches it
   */
  public X86FirmwareContext build() {
    if (callMemoryBase == null || stacks == null) {
      throw new IllegalStateException(
          "a context needs call memory and stacks: callMemory="
              + callMemoryBase
              + ", stacks="
              + stacks);
    }
    ModeCheck.require(space.tables(), vcpu);
    if (pcid != 0 && (vcpu.cr4() & Cr4.PCIDE) == 0) {
      throw new IllegalArgumentException(
          "CR4.PCIDE must be set for a PCID: pcid="
              + pcid
              + ", cr4=0x"
              + Long.toHexString(vcpu.cr4()));
    }
    MemorySegment bytes = guestBytes("call memory", callMemoryBase.value(), callMemoryBytes);
    for (int i = 0; i < stacks.count(); i++) {
      guestBytes("stack", stacks.bottom(i), stacks.stackBytes());
      requireStackPointer(i);
    }
    bytes.fill((byte) 0);
    return new X86FirmwareContext(
        this, new CallMemory(bytes, callMemoryBase.value(), callMemoryBase));
  }

  /** Where a stack starts is an address behind it, which a register has to hold too. */
  private void requireStackPointer(int index) {
    if (!ModeCheck.isLong(space.tables().mode()) && stacks.top(index) >= BEHIND_4_GIB) {
      throw refused(
          "stack must end below 4 GiB in a mode of 32 bits",
          stacks.bottom(index),
          stacks.stackBytes());
    }
  }

  private MemorySegment guestBytes(String what, long start, long lengthBytes) {
    if ((start | lengthBytes) % AddressSpace.PAGE_BYTES != 0 || lengthBytes <= 0) {
      throw refused(what + " must be a positive multiple of 4096", start, lengthBytes);
    }
    if (!ModeCheck.isLong(space.tables().mode()) && lengthBytes > BEHIND_4_GIB - start) {
      throw refused(what + " must end below 4 GiB in a mode of 32 bits", start, lengthBytes);
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

  X86Vcpu vcpu() {
    return vcpu;
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

  long pcid() {
    return pcid;
  }

  EntryFlush flush() {
    return flush;
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.machine;

import io.efirts.api.map.MappedPages;
import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.paging.FrameBitmap;
import io.efirts.api.paging.PageSize;
import io.efirts.api.space.FirmwareSpace;
import io.efirts.x86.context.EfiStacks;
import io.efirts.x86.context.X86FirmwareContext;
import io.efirts.x86.context.X86FirmwareContextBuilder;
import io.efirts.x86.paging.PageTables;
import io.efirts.x86.paging.PageTablesBuilder;
import io.efirts.x86.paging.PagingMode;
import io.efirts.x86.paging.TlbFlush;
import io.efirts.x86.vcpu.ModelX86Vcpu;
import io.efirts.x86.vcpu.X86Vcpu;
import java.lang.foreign.Arena;
import java.util.List;

/**
 * A guest of 16 MiB with one processor. The host's tables map all of its memory; the firmware's map
 * its own data, its code, call memory and stacks, and nothing of the host's.
 */
public final class TestMachine {
  /** Memory that only the host maps. */
  public static final long HOST_DATA = 0x30_0000;

  /** Memory that firmware maps too, writable, 64 KiB. */
  public static final long FIRMWARE_DATA = 0x50_0000;

  /** Firmware's code: executable, read-only, 64 KiB. */
  public static final long FIRMWARE_CODE = 0x60_0000;

  private static final long TABLES = 0x10_0000;
  private static final int TABLE_FRAMES = 256;
  private static final long CALL_MEMORY = 0x70_0000;
  private static final long CALL_MEMORY_BYTES = 1 << 20;
  private static final long STACKS = 0x90_0000;
  private static final long CRASH_CALL_MEMORY = 0xA0_0000;
  private static final long CRASH_STACKS = 0xB0_0000;
  private static final long RAM_BYTES = 16 << 20;
  private static final long DATA_BYTES = 64 << 10;

  private final PagingMode mode;
  private final GuestMemory memory;
  private final FrameBitmap frames;
  private final PageTables host;
  private final ModelX86Vcpu vcpu;

  /** A machine in a mode, its processor in the middle of its host's work. */
  public TestMachine(PagingMode mode) {
    this.mode = mode;
    MemoryRegion ram =
        new MemoryRegion(
            new PhysicalAddress(0), Arena.ofAuto().allocate(RAM_BYTES, AddressSpace.PAGE_BYTES));
    memory = GuestMemory.of(List.of(ram));
    frames = new FrameBitmap(PageSize.FOUR_KIB, new PhysicalAddress(TABLES), TABLE_FRAMES);
    host = tables().build();
    map(host, 0, RAM_BYTES, MappingAttributes.DATA);
    vcpu = ModelX86Vcpu.of(mode, host.root());
    VcpuState.scramble(vcpu);
  }

  /** The processor. */
  public ModelX86Vcpu vcpu() {
    return vcpu;
  }

  /** All memory. */
  public GuestMemory memory() {
    return memory;
  }

  /** The host's root. */
  public long hostRoot() {
    return host.root();
  }

  /** Memory as the host sees it. */
  public AddressSpaceView hostView() {
    return new AddressSpaceView(host, memory);
  }

  /** The stacks of {@link #context}. */
  public static EfiStacks stacks() {
    return new EfiStacks(
        new PhysicalAddress(STACKS), EfiStacks.DISPATCHER_COUNT, EfiStacks.DEFAULT_STACK_BYTES);
  }

  /** The call memory of {@link #context}. */
  public static MappedPages callMemory() {
    return new MappedPages(
        CALL_MEMORY, CALL_MEMORY_BYTES / AddressSpace.PAGE_BYTES, MappingAttributes.DATA);
  }

  /** The host's tables, which may grow. */
  public PageTables host() {
    return host;
  }

  /** For tables of firmware's, in the machine's mode. */
  public PageTablesBuilder tables() {
    return PageTables.builder(mode, memory, frames);
  }

  private static EfiStacks crashStacks() {
    return new EfiStacks(new PhysicalAddress(CRASH_STACKS), 1, EfiStacks.DEFAULT_STACK_BYTES);
  }

  /** A new space for ordinary calls. */
  public IdentitySpace space() {
    return space(TlbFlush.UNCACHED);
  }

  /** A new space for ordinary calls, whose changes flush so. */
  public IdentitySpace space(TlbFlush flush) {
    return space(CALL_MEMORY, stacks(), flush);
  }

  /** A new space for the crash entry. */
  public IdentitySpace crashSpace() {
    return space(CRASH_CALL_MEMORY, crashStacks(), TlbFlush.UNCACHED);
  }

  private IdentitySpace space(long callMemory, EfiStacks stacks, TlbFlush flush) {
    PageTables tables = tables().tlbFlush(flush).build();
    map(tables, FIRMWARE_DATA, DATA_BYTES, MappingAttributes.DATA);
    map(tables, FIRMWARE_CODE, DATA_BYTES, MappingAttributes.CODE);
    map(tables, callMemory, CALL_MEMORY_BYTES, MappingAttributes.DATA);
    for (MappedPages stack : stacks.mapped()) {
      map(
          tables,
          stack.physicalStart(),
          stack.pages() * AddressSpace.PAGE_BYTES,
          stack.attributes());
    }
    return new IdentitySpace(tables);
  }

  private static void map(
      PageTables tables, long address, long lengthBytes, MappingAttributes attributes) {
    tables
        .map(new VirtualAddress(address), new PhysicalAddress(address), lengthBytes, attributes)
        .ignore();
  }

  /** A builder of a context for ordinary calls. */
  public X86FirmwareContextBuilder contextBuilder(FirmwareSpace<PageTables> space) {
    return contextBuilder(space, vcpu);
  }

  /** The same on a processor that stands for this one. */
  public X86FirmwareContextBuilder contextBuilder(
      FirmwareSpace<PageTables> space, X86Vcpu processor) {
    return X86FirmwareContext.builder(space, processor, memory)
        .callMemory(new PhysicalAddress(CALL_MEMORY), CALL_MEMORY_BYTES)
        .stacks(stacks());
  }

  /** A context for ordinary calls. */
  public X86FirmwareContext context(FirmwareSpace<PageTables> space) {
    return contextBuilder(space).build();
  }

  /** A context for the crash entry. */
  public X86FirmwareContext crashContext(IdentitySpace crashSpace) {
    return X86FirmwareContext.builder(crashSpace, vcpu, memory)
        .callMemory(new PhysicalAddress(CRASH_CALL_MEMORY), CALL_MEMORY_BYTES)
        .stacks(crashStacks())
        .build();
  }
}

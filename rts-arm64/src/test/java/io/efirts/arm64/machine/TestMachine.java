// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.machine;

import io.efirts.api.map.MappedPages;
import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.paging.FrameBitmap;
import io.efirts.api.space.FirmwareSpace;
import io.efirts.arm64.context.Arm64FirmwareContext;
import io.efirts.arm64.context.Arm64FirmwareContextBuilder;
import io.efirts.arm64.context.EfiStacks;
import io.efirts.arm64.context.SchedulerHooks;
import io.efirts.arm64.paging.Granule;
import io.efirts.arm64.paging.MairTypes;
import io.efirts.arm64.paging.PageTables;
import io.efirts.arm64.paging.PageTablesBuilder;
import io.efirts.arm64.paging.PagingMode;
import io.efirts.arm64.vcpu.ModelArm64Vcpu;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.function.UnaryOperator;

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

  /** The ASID of the host's tables. */
  public static final int HOST_ASID = 1;

  private static final int FIRMWARE_ASID = 2;
  private static final int CRASH_ASID = 3;

  private static final long TABLES = 0x10_0000;
  private static final int TABLES_BYTES = 2 << 20;
  private static final long CALL_MEMORY = 0x70_0000;
  private static final long CALL_MEMORY_BYTES = 1 << 20;
  private static final long STACKS = 0x90_0000;
  private static final long CRASH_CALL_MEMORY = 0xA0_0000;
  private static final long CRASH_STACKS = 0xB0_0000;
  private static final long RAM_BYTES = 16 << 20;
  private static final long DATA_BYTES = 64 << 10;

  private static final int VECTOR_BYTES = 32;

  private final PagingMode mode;
  private final GuestMemory memory;
  private final FrameBitmap frames;
  private final PageTables host;
  private final ModelArm64Vcpu vcpu;

  /** A machine with a granule and addresses of 48 bits. */
  public TestMachine(Granule granule) {
    this(new PagingMode(granule, 48));
  }

  /** A machine in a mode, its processors in the middle of their host's work. */
  public TestMachine(PagingMode mode) {
    Granule granule = mode.granule();
    this.mode = mode;
    MemoryRegion ram =
        new MemoryRegion(
            new PhysicalAddress(0), Arena.ofAuto().allocate(RAM_BYTES, granule.bytes()));
    memory = GuestMemory.of(List.of(ram));
    frames =
        new FrameBitmap(
            granule.page(), new PhysicalAddress(TABLES), TABLES_BYTES / granule.bytes());
    host = tables().asid(HOST_ASID).build();
    map(host, 0, RAM_BYTES, MappingAttributes.DATA);
    vcpu = processor();
  }

  /** Another processor of the machine, set up like the first, with SVE and SME. */
  public ModelArm64Vcpu processor() {
    ModelArm64Vcpu made =
        ModelArm64Vcpu.scalable(mode, MairTypes.FIRMWARE, host.root(), VECTOR_BYTES);
    VcpuState.scramble(made);
    return made;
  }

  /** The processor. */
  public ModelArm64Vcpu vcpu() {
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
  public EfiStacks stacks() {
    return stacks(STACKS, EfiStacks.DISPATCHER_COUNT);
  }

  private EfiStacks stacks(long base, int count) {
    Granule granule = mode.granule();
    return new EfiStacks(
        new PhysicalAddress(base), count, EfiStacks.defaultStackBytes(granule), granule);
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

  private EfiStacks crashStacks() {
    return stacks(CRASH_STACKS, 1);
  }

  /** A new space for ordinary calls. */
  public IdentitySpace space() {
    return space(FIRMWARE_ASID);
  }

  /** A new space for ordinary calls with an ASID. */
  public IdentitySpace space(int asid) {
    return space(CALL_MEMORY, stacks(), asid);
  }

  /** A new space for ordinary calls whose tables are made otherwise. */
  public IdentitySpace space(UnaryOperator<PageTablesBuilder> tuning) {
    return space(CALL_MEMORY, stacks(), tuning.apply(tables().asid(FIRMWARE_ASID)).build());
  }

  /** A new space for the crash entry. */
  public IdentitySpace crashSpace() {
    return space(CRASH_CALL_MEMORY, crashStacks(), CRASH_ASID);
  }

  private IdentitySpace space(long callMemory, EfiStacks stacks, int asid) {
    return space(callMemory, stacks, tables().asid(asid).build());
  }

  private static IdentitySpace space(long callMemory, EfiStacks stacks, PageTables tables) {
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
  public Arm64FirmwareContextBuilder contextBuilder(FirmwareSpace<PageTables> space) {
    return filled(Arm64FirmwareContext.builder(space, vcpu, memory));
  }

  /** The same under a scheduler. */
  public Arm64FirmwareContextBuilder contextBuilder(
      FirmwareSpace<PageTables> space, SchedulerHooks scheduler) {
    return filled(Arm64FirmwareContext.builder(space, scheduler, memory));
  }

  private Arm64FirmwareContextBuilder filled(Arm64FirmwareContextBuilder builder) {
    return builder.callMemory(new PhysicalAddress(CALL_MEMORY), CALL_MEMORY_BYTES).stacks(stacks());
  }

  /** A context for ordinary calls. */
  public Arm64FirmwareContext context(FirmwareSpace<PageTables> space) {
    return contextBuilder(space).build();
  }

  /** A context for the crash entry. */
  public Arm64FirmwareContext crashContext(IdentitySpace crashSpace) {
    return crash(Arm64FirmwareContext.builder(crashSpace, vcpu, memory));
  }

  /** The same under a scheduler. */
  public Arm64FirmwareContext crashContext(IdentitySpace crashSpace, SchedulerHooks scheduler) {
    return crash(Arm64FirmwareContext.builder(crashSpace, scheduler, memory));
  }

  private Arm64FirmwareContext crash(Arm64FirmwareContextBuilder builder) {
    return builder
        .callMemory(new PhysicalAddress(CRASH_CALL_MEMORY), CALL_MEMORY_BYTES)
        .stacks(crashStacks())
        .build();
  }
}

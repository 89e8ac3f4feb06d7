// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64;

import io.efirts.api.call.CallMemory;
import io.efirts.api.map.MappedPages;
import io.efirts.api.map.MemoryMap;
import io.efirts.api.map.RuntimePermissions;
import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.paging.FrameAllocator;
import io.efirts.api.plan.VirtualMap;
import io.efirts.api.plan.VirtualWindow;
import io.efirts.api.space.FirmwareSpace;
import io.efirts.api.space.IsolationWitness;
import io.efirts.api.spec.EfiMemoryAttributesTable;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryDescriptorArray;
import io.efirts.arm64.context.Arm64FirmwareContext;
import io.efirts.arm64.context.Arm64FirmwareContextBuilder;
import io.efirts.arm64.context.SchedulerHooks;
import io.efirts.arm64.paging.Granule;
import io.efirts.arm64.paging.MairTypes;
import io.efirts.arm64.paging.PageTables;
import io.efirts.arm64.paging.PageTablesBuilder;
import io.efirts.arm64.paging.PagingMode;
import io.efirts.arm64.plan.VirtualAddressPlanner;
import io.efirts.arm64.space.EfiAddressSpace;
import io.efirts.arm64.space.EfiAddressSpaceBuilder;
import io.efirts.arm64.space.FullIdentityMap;
import io.efirts.arm64.space.FullIdentityMapBuilder;
import io.efirts.arm64.space.MmioRange;
import io.efirts.arm64.vcpu.Arm64Vcpu;
import io.efirts.arm64.vcpu.ModelArm64Vcpu;
import io.efirts.arm64.vcpu.Tcr;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** What an {@link EfiHost} is made of. For one thread. */
public final class EfiHostBuilder {
  private static final long DEFAULT_CALL_BYTES = 4 << 20;
  private static final long DEFAULT_CRASH_CALL_BYTES = 512 << 10;

  /** With a type for device registers that are mapped as Linux maps them, nGnRE. */
  private static final MairTypes MAIR_TYPES = MairTypes.EARLY_ACKNOWLEDGE;

  private final PagingMode mode;
  private final MemoryMap map;
  private final GuestMemory memory;
  private final MemoryRegion arena;
  private final List<MmioRange> registers = new ArrayList<>();
  private final List<MappedPages> ranges = new ArrayList<>();
  private VirtualAddressPlanner planner = VirtualAddressPlanner.linux();
  private VirtualMap inherited;
  private RuntimePermissions permissions = RuntimePermissions.unrestricted();
  private PhysicalAddress systemTable;
  private SchedulerHooks scheduler;
  private Arm64Vcpu vcpu;
  private Arm64Vcpu crashVcpu;
  private MemoryRegion arrayRegion;
  private long callBytes = DEFAULT_CALL_BYTES;
  private long crashCallBytes = DEFAULT_CRASH_CALL_BYTES;
  private boolean witnessed;
  private UnaryOperator<PageTablesBuilder> tuning = UnaryOperator.identity();

  EfiHostBuilder(PagingMode mode, MemoryMap map, GuestMemory memory, MemoryRegion arena) {
    this.mode = Objects.requireNonNull(mode, "mode");
    this.map = Objects.requireNonNull(map, "map");
    this.memory = Objects.requireNonNull(memory, "memory");
    this.arena = Objects.requireNonNull(arena, "arena");
  }

  /**
   * Chooses virtual addresses; as Linux does if this is not called.
   *
   * @param planner the planner
   * @return this
   */
  public EfiHostBuilder planner(VirtualAddressPlanner planner) {
    this.planner = Objects.requireNonNull(planner, "planner");
    return this;
  }

  /**
   * Makes the host a successor: another one has called SetVirtualAddressMap on this firmware and
   * hands over where the regions are. It must not be called again.
   *
   * @param descriptors the other host's {@link VirtualMap#descriptors}
   * @param window where its virtual addresses lie
   * @return this
   * @throws IllegalArgumentException if the addresses are not such as a host can have chosen
   */
  public EfiHostBuilder successor(List<EfiMemoryDescriptor> descriptors, VirtualWindow window) {
    inherited = VirtualAddressPlanner.successor(window).plan(MemoryMap.of(descriptors));
    return this;
  }

  /**
   * Firmware's memory attributes table, which takes effect when firmware is virtual. Nothing is
   * taken away if this is not called.
   *
   * @param table the table; entries that are wrong are left out ({@link EfiHost#permissions})
   * @return this
   */
  public EfiHostBuilder attributes(EfiMemoryAttributesTable table) {
    permissions = RuntimePermissions.of(table, map, mode.granule().bytes());
    return this;
  }

  /**
   * Where firmware's system table lies, of 64-bit firmware: after the switch it is checked. If this
   * is not called, nothing is.
   *
   * @param systemTable its physical address
   * @return this
   */
  public EfiHostBuilder systemTable(PhysicalAddress systemTable) {
    this.systemTable = Objects.requireNonNull(systemTable, "systemTable");
    return this;
  }

  /**
   * Device registers that firmware touches.
   *
   * @param range the registers
   * @return this
   */
  public EfiHostBuilder mmio(MmioRange range) {
    registers.add(Objects.requireNonNull(range, "range"));
    return this;
  }

  /**
   * Memory that calls by words may point to, mapped at its physical address.
   *
   * @param range the pages and how to map them
   * @return this
   */
  public EfiHostBuilder range(MappedPages range) {
    ranges.add(Objects.requireNonNull(range, "range"));
    return this;
  }

  /**
   * The processors and their scheduler; one processor that is never preempted if this is not
   * called.
   *
   * @param scheduler the host's
   * @return this
   */
  public EfiHostBuilder scheduler(SchedulerHooks scheduler) {
    this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
    return this;
  }

  /**
   * The one processor, where there is no scheduler; a {@link ModelArm64Vcpu} if this is not called
   * either. The tables use as many address bits as it puts out, and the mode's entries can hold.
   *
   * @param vcpu a processor set up as the tables need it
   * @return this
   */
  public EfiHostBuilder vcpu(Arm64Vcpu vcpu) {
    this.vcpu = Objects.requireNonNull(vcpu, "vcpu");
    return this;
  }

  /**
   * The processor on which a panic takes firmware over. If this is not called, it is the one that
   * the scheduler tells of then, or the one given to {@link #vcpu}; without either, another model.
   *
   * @param vcpu a processor set up as the tables need it
   * @return this
   */
  public EfiHostBuilder crashVcpu(Arm64Vcpu vcpu) {
    crashVcpu = Objects.requireNonNull(vcpu, "vcpu");
    return this;
  }

  /**
   * Where the array of SetVirtualAddressMap lies; in the arena if this is not called.
   *
   * @param region a piece of guest memory that nobody else uses, large enough for the plan
   * @return this
   */
  public EfiHostBuilder descriptorArray(MemoryRegion region) {
    arrayRegion = Objects.requireNonNull(region, "region");
    return this;
  }

  /**
   * Room for work items; 4 MiB if this is not called, which is enough for a dispatcher's defaults.
   *
   * @param lengthBytes number of bytes, a positive multiple of 4096
   * @return this
   * @throws IllegalArgumentException if it is not
   */
  public EfiHostBuilder callMemory(long lengthBytes) {
    callBytes = wholePages("call memory", lengthBytes);
    return this;
  }

  /**
   * Room for work items of a crash; 512 KiB if this is not called, which is enough for a
   * dispatcher's defaults.
   *
   * @param lengthBytes number of bytes, a positive multiple of 4096
   * @return this
   * @throws IllegalArgumentException if it is not
   */
  public EfiHostBuilder crashCallMemory(long lengthBytes) {
    crashCallBytes = wholePages("crash call memory", lengthBytes);
    return this;
  }

  private static long wholePages(String name, long lengthBytes) {
    if (lengthBytes <= 0
        || lengthBytes % AddressSpace.PAGE_BYTES != 0
        || lengthBytes >>> PhysicalAddress.MAXIMUM_BITS != 0) {
      throw new IllegalArgumentException(
          name + " must be a positive multiple of 4096 within 52 bits: lengthBytes=" + lengthBytes);
    }
    return lengthBytes;
  }

  /**
   * Remembers what firmware in Java touches in ordinary calls ({@link EfiHost#witness}). For
   * diagnosis; calls get slower by it.
   *
   * @return this
   */
  public EfiHostBuilder witnessed() {
    witnessed = true;
    return this;
  }

  /**
   * Tells the page tables of both address spaces more of the processor: address width, ASID, TLB.
   *
   * @param tuning applied to the builder of either
   * @return this
   */
  public EfiHostBuilder tables(UnaryOperator<PageTablesBuilder> tuning) {
    this.tuning = Objects.requireNonNull(tuning, "tuning");
    return this;
  }

  /**
   * Makes the host.
   *
   * @return a host whose firmware has not been switched, or a successor
   * @throws IllegalArgumentException if the arena is too small or firmware can reach it, as a
   *     region or range of its own, or what was given cannot be mapped
   * @throws io.efirts.api.paging.OutOfFramesException if the arena has no room for the tables
   */
  public EfiHost build() {
    Granule granule = mode.granule();
    VirtualMap plan = inherited != null ? inherited : planner.plan(map);
    long descriptorBytes =
        MemoryDescriptorArray.sizeBytes(
            plan.virtualAddressMap().size(), MemoryDescriptorArray.DEFAULT_DESCRIPTOR_SIZE);
    long arrayBytes =
        arrayRegion == null
            ? ArenaLayout.wholeGranules(descriptorBytes, granule)
            : arrayRegion.bytes().byteSize();
    if (arrayBytes < descriptorBytes) {
      throw new IllegalArgumentException(
          "array must have room for the descriptors of the plan: size="
              + arrayBytes
              + ", needed="
              + descriptorBytes);
    }
    ArenaLayout layout =
        new ArenaLayout(
            arena,
            granule,
            arrayRegion == null ? arrayBytes : 0,
            ArenaLayout.wholeGranules(callBytes, granule),
            ArenaLayout.wholeGranules(crashCallBytes, granule));
    PhysicalAddress array = arrayRegion == null ? layout.array() : arrayRegion.base();
    layout.requireApart(plan, givenRanges());
    Arm64Vcpu single = vcpu == null ? newModel() : vcpu;
    FrameAllocator frames = layout.frames();
    MappedPages arrayPages = ArenaLayout.pages(array, arrayBytes);
    List<MappedPages> firmwareRanges = firmwareRanges(layout, arrayPages);
    EfiAddressSpace space = space(newTables(frames), plan, firmwareRanges);
    // Once more with boot services memory, which firmware can reach until it is switched.
    layout.requireApart(space.plan(), List.of());
    IsolationWitness witness =
        witnessed ? new IsolationWitness(space.tables(), plan, firmwareRanges) : null;
    FullIdentityMap identity = identity(newTables(frames), plan, arrayPages);
    return new EfiHost(
        new EfiHost.Parts(
            plan,
            permissions,
            space,
            identity,
            ordinary(space, single)
                .seenThrough(witness == null ? space.tables() : witness)
                .callMemory(layout.calls(), layout.callBytes())
                .stacks(layout.stacks())
                .build(),
            crash(identity)
                .callMemory(layout.crashCalls(), layout.crashCallBytes())
                .stacks(layout.crashStack())
                .build(),
            ordinary(identity, single)
                .callMemory(layout.switchCalls(), layout.switchCallBytes())
                .stacks(layout.switchStack())
                .build(),
            new CallMemory(bytesAt(array, arrayBytes), array.value(), array),
            systemTable,
            witness,
            inherited != null));
  }

  private Arm64Vcpu newModel() {
    return ModelArm64Vcpu.of(mode, MAIR_TYPES, 0);
  }

  private PageTablesBuilder newTables(FrameAllocator frames) {
    PageTablesBuilder tables = PageTables.builder(mode, memory, frames).mairTypes(MAIR_TYPES);
    if (vcpu != null) {
      tables.physicalBits(Math.min(mode.outputBits(), Tcr.outputBits(vcpu.tcr())));
    }
    return tuning.apply(tables);
  }

  /** What firmware is lent in ordinary calls besides its own regions. */
  private List<MappedPages> firmwareRanges(ArenaLayout layout, MappedPages array) {
    List<MappedPages> all = givenRanges();
    all.add(array);
    all.add(ArenaLayout.pages(layout.calls(), layout.callBytes()));
    all.addAll(layout.stacks().mapped());
    return all;
  }

  private List<MappedPages> givenRanges() {
    List<MappedPages> all = new ArrayList<>(ranges);
    registers.forEach(range -> all.add(range.mapping()));
    return all;
  }

  private EfiAddressSpace space(
      PageTablesBuilder tables, VirtualMap plan, List<MappedPages> firmwareRanges) {
    EfiAddressSpaceBuilder builder = EfiAddressSpace.builder(tables, plan).memoryMap(map);
    if (inherited == null) {
      builder.bootServices();
    }
    registers.forEach(builder::mmio);
    firmwareRanges.forEach(builder::range);
    return builder.build();
  }

  private FullIdentityMap identity(PageTablesBuilder tables, VirtualMap plan, MappedPages array) {
    FullIdentityMapBuilder builder =
        FullIdentityMap.builder(tables, map)
            .aliases(plan)
            .range(array)
            .range(ArenaLayout.pages(arena.base(), arena.bytes().byteSize()));
    givenRanges().forEach(builder::range);
    return builder.build();
  }

  /** On the processors of the host's scheduler, or on the single one where it has none. */
  private Arm64FirmwareContextBuilder ordinary(FirmwareSpace<PageTables> in, Arm64Vcpu single) {
    return scheduler == null
        ? Arm64FirmwareContext.builder(in, single, memory)
        : Arm64FirmwareContext.builder(in, scheduler, memory);
  }

  private Arm64FirmwareContextBuilder crash(FirmwareSpace<PageTables> in) {
    return crashVcpu == null
        ? ordinary(in, vcpu == null ? newModel() : vcpu)
        : Arm64FirmwareContext.builder(in, crashVcpu, memory);
  }

  private MemorySegment bytesAt(PhysicalAddress start, long lengthBytes) {
    MemoryRegion region = memory.regionAt(start.value());
    if (region == null
        || lengthBytes > region.bytes().byteSize() - region.offsetOf(start.value())) {
      throw new IllegalArgumentException(
          "array must lie in guest memory: physicalAddress=" + start + ", size=" + lengthBytes);
    }
    return region.bytes().asSlice(region.offsetOf(start.value()), lengthBytes);
  }
}

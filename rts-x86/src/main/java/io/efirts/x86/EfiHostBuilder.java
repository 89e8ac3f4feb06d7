// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86;

import io.efirts.api.call.CallMemory;
import io.efirts.api.map.MappedPages;
import io.efirts.api.map.MemoryMap;
import io.efirts.api.map.RuntimePermissions;
import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MappingAttributes;
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
import io.efirts.x86.context.EfiStacks;
import io.efirts.x86.context.X86FirmwareContext;
import io.efirts.x86.context.X86FirmwareContextBuilder;
import io.efirts.x86.paging.PageTables;
import io.efirts.x86.paging.PageTablesBuilder;
import io.efirts.x86.paging.PagingMode;
import io.efirts.x86.plan.RegionSelection;
import io.efirts.x86.plan.VirtualAddressPlanner;
import io.efirts.x86.space.EfiAddressSpace;
import io.efirts.x86.space.EfiAddressSpaceBuilder;
import io.efirts.x86.space.FullIdentityMap;
import io.efirts.x86.space.FullIdentityMapBuilder;
import io.efirts.x86.space.HostTables;
import io.efirts.x86.space.MmioRange;
import io.efirts.x86.vcpu.ModelX86Vcpu;
import io.efirts.x86.vcpu.X86Vcpu;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** What an {@link EfiHost} is made of. For one thread. */
public final class EfiHostBuilder {
  private static final long DEFAULT_CALL_BYTES = 4 << 20;
  private static final long DEFAULT_CRASH_CALL_BYTES = 512 << 10;

  /** Firmware scribbles on it. */
  private static final MappedPages FIRST_PAGE = new MappedPages(0, 1, MappingAttributes.DATA);

  private final PagingMode mode;
  private final MemoryMap map;
  private final GuestMemory memory;
  private final MemoryRegion arena;
  private final List<MmioRange> registers = new ArrayList<>();
  private final List<MappedPages> ranges = new ArrayList<>();
  private VirtualAddressPlanner planner;
  private RegionSelection selection = RegionSelection.RUNTIME_AND_BOOT_SERVICES;
  private VirtualMap inherited;
  private RuntimePermissions permissions = RuntimePermissions.unrestricted();
  private PhysicalAddress systemTable;
  private HostTables hostTables;
  private X86Vcpu vcpu;
  private X86Vcpu crashVcpu;
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
   * Chooses virtual addresses; in 64-bit modes as Linux does if this is not called.
   *
   * @param planner the planner
   * @return this
   */
  public EfiHostBuilder planner(VirtualAddressPlanner planner) {
    this.planner = Objects.requireNonNull(planner, "planner");
    return this;
  }

  /**
   * Which regions are mapped for ordinary calls; runtime and boot services if this is not called.
   *
   * @param selection the regions
   * @return this
   */
  public EfiHostBuilder selection(RegionSelection selection) {
    this.selection = Objects.requireNonNull(selection, "selection");
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
    VirtualMap given =
        VirtualAddressPlanner.successor(window)
            .plan(MemoryMap.of(descriptors), RegionSelection.ALL);
    inherited = given.runtime();
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
    permissions = RuntimePermissions.of(table, map);
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
   * Shares the upper part of the host's own tables. Nothing is shared if this is not called.
   *
   * @param tables the host's tables, of the same mode
   * @return this
   */
  public EfiHostBuilder host(HostTables tables) {
    hostTables = Objects.requireNonNull(tables, "tables");
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
   * The processor; a {@link ModelX86Vcpu} if this is not called.
   *
   * @param vcpu a processor in the mode of the tables
   * @return this
   */
  public EfiHostBuilder vcpu(X86Vcpu vcpu) {
    this.vcpu = Objects.requireNonNull(vcpu, "vcpu");
    return this;
  }

  /**
   * The processor on which a panic takes firmware over. If this is not called, the one given to
   * {@link #vcpu}, on which a call that was stopped must then not go on while the crash entry is
   * inside; if that was not called either, a {@link ModelX86Vcpu} of its own.
   *
   * @param vcpu a processor in the mode of the tables
   * @return this
   */
  public EfiHostBuilder crashVcpu(X86Vcpu vcpu) {
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
   * Tells the page tables of both address spaces more of the processor: address width, PAT, TLB.
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
   * @throws IllegalStateException if no planner was given in a mode of 32 bits, or the arena has no
   *     frame below 4 GiB for the full map's root
   * @throws io.efirts.api.paging.OutOfFramesException if the arena has no room for the tables
   */
  public EfiHost build() {
    VirtualMap plan = inherited != null ? inherited : planner().plan(map, selection);
    long descriptorBytes =
        MemoryDescriptorArray.sizeBytes(
            plan.virtualAddressMap().size(), MemoryDescriptorArray.DEFAULT_DESCRIPTOR_SIZE);
    long arrayBytes =
        arrayRegion == null
            ? ArenaLayout.wholePages(descriptorBytes)
            : arrayRegion.bytes().byteSize();
    if (arrayBytes < descriptorBytes) {
      throw new IllegalArgumentException(
          "array must have room for the descriptors of the plan: size="
              + arrayBytes
              + ", needed="
              + descriptorBytes);
    }
    ArenaLayout layout =
        new ArenaLayout(arena, arrayRegion == null ? arrayBytes : 0, callBytes, crashCallBytes);
    PhysicalAddress array = arrayRegion == null ? layout.array() : arrayRegion.base();
    layout.requireApart(plan, givenRanges());
    X86Vcpu ordinary = vcpu == null ? newModel() : vcpu;
    X86Vcpu inCrash = crashVcpu != null ? crashVcpu : vcpu == null ? newModel() : vcpu;
    FrameAllocator frames = layout.frames();
    MappedPages arrayPages = ArenaLayout.pages(array, arrayBytes);
    List<MappedPages> firmwareRanges = firmwareRanges(layout, arrayPages);
    EfiAddressSpace space = space(newTables(frames), plan, firmwareRanges);
    IsolationWitness witness =
        witnessed ? new IsolationWitness(space.tables(), plan, firmwareRanges) : null;
    FullIdentityMap identity = identity(newTables(frames), plan, arrayPages);
    return new EfiHost(
        new EfiHost.Parts(
            plan,
            permissions,
            space,
            identity,
            context(space, ordinary, layout.calls(), callBytes, layout.stacks())
                .seenThrough(witness == null ? space.tables() : witness)
                .build(),
            context(identity, inCrash, layout.crashCalls(), crashCallBytes, layout.crashStack())
                .build(),
            context(
                    identity,
                    ordinary,
                    layout.switchCalls(),
                    ArenaLayout.SWITCH_CALL_BYTES,
                    layout.switchStack())
                .build(),
            new CallMemory(bytesAt(array, arrayBytes), array.value(), array),
            systemTable,
            witness,
            inherited != null));
  }

  private VirtualAddressPlanner planner() {
    if (planner == null && mode.levels() < PagingMode.FOUR_LEVEL.levels()) {
      throw new IllegalStateException("a planner must be given in a mode of 32 bits: mode=" + mode);
    }
    return planner == null ? VirtualAddressPlanner.linux() : planner;
  }

  private X86Vcpu newModel() {
    return ModelX86Vcpu.of(mode, hostTables == null ? 0 : hostTables.root().value());
  }

  private PageTablesBuilder newTables(FrameAllocator frames) {
    return tuning.apply(PageTables.builder(mode, memory, frames));
  }

  /** What firmware is lent in ordinary calls besides its own regions. */
  private List<MappedPages> firmwareRanges(ArenaLayout layout, MappedPages array) {
    List<MappedPages> all = givenRanges();
    all.add(FIRST_PAGE);
    all.add(array);
    all.add(ArenaLayout.pages(layout.calls(), callBytes));
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
    registers.forEach(builder::mmio);
    firmwareRanges.forEach(builder::range);
    if (hostTables != null) {
      builder.host(hostTables);
    }
    return builder.build();
  }

  private FullIdentityMap identity(PageTablesBuilder tables, VirtualMap plan, MappedPages array) {
    FullIdentityMapBuilder builder =
        FullIdentityMap.builder(tables, map)
            .aliases(plan)
            .range(array)
            .range(FIRST_PAGE)
            .range(ArenaLayout.pages(arena.base(), arena.bytes().byteSize()));
    if (hostTables != null) {
      builder.host(hostTables);
    }
    givenRanges().forEach(builder::range);
    return builder.build();
  }

  private X86FirmwareContextBuilder context(
      FirmwareSpace<PageTables> in,
      X86Vcpu on,
      PhysicalAddress calls,
      long bytes,
      EfiStacks stacks) {
    return X86FirmwareContext.builder(in, on, memory).callMemory(calls, bytes).stacks(stacks);
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

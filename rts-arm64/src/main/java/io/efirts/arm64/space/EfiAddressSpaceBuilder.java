// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.space;

import io.efirts.api.map.MappedPages;
import io.efirts.api.map.MemoryMap;
import io.efirts.api.map.RuntimePermissions;
import io.efirts.api.plan.PlannedRegion;
import io.efirts.api.plan.VirtualMap;
import io.efirts.api.space.layout.RegionLookup;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.arm64.paging.PageTables;
import io.efirts.arm64.paging.PageTablesBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What an {@link EfiAddressSpace} is made of. For one thread. */
public final class EfiAddressSpaceBuilder {
  private final PageTablesBuilder tables;
  private final VirtualMap plan;
  private final List<MappedPages> ranges = new ArrayList<>();
  private final List<MmioRange> registers = new ArrayList<>();
  private MemoryMap memoryMap;
  private boolean bootServices;

  EfiAddressSpaceBuilder(PageTablesBuilder tables, VirtualMap plan) {
    this.tables = Objects.requireNonNull(tables, "tables");
    this.plan = Objects.requireNonNull(plan, "plan");
  }

  /**
   * All of firmware's memory map, for explanations: regions that are not planned are told by name.
   * Without it only the planned regions are known.
   *
   * @param map the map
   * @return this
   */
  public EfiAddressSpaceBuilder memoryMap(MemoryMap map) {
    memoryMap = Objects.requireNonNull(map, "map");
    return this;
  }

  /**
   * A further range that is mapped at its physical address, as {@link
   * EfiAddressSpace#mapIdentically} does it: work items, stacks, the array of descriptors.
   *
   * @param range the pages and how to map them
   * @return this
   */
  public EfiAddressSpaceBuilder range(MappedPages range) {
    ranges.add(Objects.requireNonNull(range, "range"));
    return this;
  }

  /**
   * Maps boot services memory of the {@link #memoryMap} too, at its physical address, until {@link
   * EfiAddressSpace#virtualAddressMapSet}: for firmware that still uses it by mistake. If this is
   * not called, only what is in the plan is mapped.
   *
   * @return this
   */
  public EfiAddressSpaceBuilder bootServices() {
    bootServices = true;
    return this;
  }

  /**
   * Device registers, mapped as Device memory at their physical address. Must not share a granule
   * with memory that is mapped cached.
   *
   * @param range the registers
   * @return this
   */
  public EfiAddressSpaceBuilder mmio(MmioRange range) {
    registers.add(Objects.requireNonNull(range, "range"));
    return this;
  }

  /**
   * Makes the tables and maps everything. If it is refused, all frames have been given back.
   *
   * @return the address space
   * @throws IllegalStateException if boot services memory is wanted without a memory map
   * @throws IllegalArgumentException if a region or range cannot be mapped: its physical or virtual
   *     address is beyond what the mode can express, or is other memory's already; if device
   *     registers share a granule with cached memory; if MAIR_EL1 lacks a memory type
   * @throws io.efirts.api.paging.OutOfFramesException if there are not enough frames
   */
  public EfiAddressSpace build() {
    VirtualMap mapped = bootServices ? withBootServices() : plan;
    PageTables made = tables.build();
    boolean complete = false;
    try {
      SpaceContent content =
          new SpaceContent(
              made.mode().granule(), mapped, RuntimePermissions.unrestricted(), registers, ranges);
      PageRuns runs = content.runs();
      for (PageRun run : runs.all()) {
        run.map(made).ignore();
      }
      RegionLookup lookup = new RegionLookup(mapped, memoryMap);
      EfiAddressSpace space = new EfiAddressSpace(made, content, runs, lookup);
      complete = true;
      return space;
    } finally {
      if (!complete) {
        made.release();
      }
    }
  }

  private VirtualMap withBootServices() {
    if (memoryMap == null) {
      throw new IllegalStateException(
          "memory map must be given, so that boot services memory can be mapped: memoryMap=null");
    }
    List<PlannedRegion> regions = new ArrayList<>(plan.regions());
    for (EfiMemoryDescriptor region : memoryMap.regions()) {
      if (SpaceContent.isBootServices(region)) {
        regions.add(
            new PlannedRegion(
                region.type(),
                region.physicalStart(),
                0,
                region.numberOfPages(),
                region.attribute(),
                false));
      }
    }
    return VirtualMap.of(plan.window(), regions);
  }
}

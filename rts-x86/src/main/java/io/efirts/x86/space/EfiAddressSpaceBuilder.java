// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.space;

import io.efirts.api.map.MappedPages;
import io.efirts.api.map.MemoryMap;
import io.efirts.api.map.RuntimePermissions;
import io.efirts.api.plan.VirtualMap;
import io.efirts.api.space.layout.IdentityMap;
import io.efirts.api.space.layout.RegionLookup;
import io.efirts.x86.paging.MirroredEntries;
import io.efirts.x86.paging.PageTables;
import io.efirts.x86.paging.PageTablesBuilder;
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
  private HostTables host;

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
   * Device registers, mapped uncached at their physical address. Must not lie in memory that is
   * mapped cached.
   *
   * @param range the registers
   * @return this
   */
  public EfiAddressSpaceBuilder mmio(MmioRange range) {
    registers.add(Objects.requireNonNull(range, "range"));
    return this;
  }

  /**
   * The host whose upper part is shared. If this is not called, nothing is shared.
   *
   * @param tables the host's tables, of the same mode
   * @return this
   */
  public EfiAddressSpaceBuilder host(HostTables tables) {
    host = Objects.requireNonNull(tables, "tables");
    return this;
  }

  /**
   * Makes the tables and maps everything. The host's entries are copied first by {@link
   * EfiAddressSpace#prepareEntry}. If it is refused, all frames have been given back.
   *
   * @return the address space
   * @throws IllegalArgumentException if a region or range cannot be mapped: its physical or virtual
   *     address is beyond what the mode can express, is the host's, or is another region's already;
   *     if device registers lie in cached memory; if the host has another mode
   * @throws io.efirts.api.paging.OutOfFramesException if there are not enough frames
   */
  public EfiAddressSpace build() {
    SpaceContent content =
        new SpaceContent(plan, RuntimePermissions.unrestricted(), registers, ranges);
    IdentityMap identity = content.identity();
    PageTables made = tables.build();
    boolean complete = false;
    try {
      List<MirroredEntries> shared = host == null ? List.of() : host.shareWith(made);
      for (PageRun run : content.runs(identity)) {
        run.map(made).ignore();
      }
      RegionLookup lookup = new RegionLookup(plan, memoryMap);
      EfiAddressSpace space = new EfiAddressSpace(made, content, identity, shared, lookup);
      complete = true;
      return space;
    } finally {
      if (!complete) {
        made.release();
      }
    }
  }
}

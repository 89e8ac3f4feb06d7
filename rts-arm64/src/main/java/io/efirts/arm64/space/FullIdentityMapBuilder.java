// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.space;

import io.efirts.api.map.MappedPages;
import io.efirts.api.map.MemoryMap;
import io.efirts.api.plan.VirtualMap;
import io.efirts.arm64.paging.PageTables;
import io.efirts.arm64.paging.PageTablesBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What a {@link FullIdentityMap} is made of. For one thread. */
public final class FullIdentityMapBuilder {
  private final PageTablesBuilder tables;
  private final MemoryMap map;
  private final List<MappedPages> ranges = new ArrayList<>();
  private VirtualMap aliases;

  FullIdentityMapBuilder(PageTablesBuilder tables, MemoryMap map) {
    this.tables = Objects.requireNonNull(tables, "tables");
    this.map = Objects.requireNonNull(map, "map");
  }

  /**
   * A further range that is mapped at its physical address: device registers, what no map tells of.
   * Pages that a region has stay as the region's are.
   *
   * @param range the pages and how to map them
   * @return this
   */
  public FullIdentityMapBuilder range(MappedPages range) {
    ranges.add(Objects.requireNonNull(range, "range"));
    return this;
  }

  /**
   * Virtual addresses that firmware has already, as {@link FullIdentityMap#addAliases} adds them.
   *
   * @param plan where the regions are
   * @return this
   */
  public FullIdentityMapBuilder aliases(VirtualMap plan) {
    aliases = Objects.requireNonNull(plan, "plan");
    return this;
  }

  /**
   * Makes the tables and maps everything. If it is refused, all frames have been given back.
   *
   * @return the address space
   * @throws IllegalArgumentException if something cannot be mapped: beyond the processor's physical
   *     addresses, at a virtual address that is taken, or of a type that MAIR_EL1 lacks
   * @throws io.efirts.api.paging.OutOfFramesException if there are not enough frames
   */
  public FullIdentityMap build() {
    PageTables made = tables.build();
    boolean complete = false;
    try {
      FullIdentityMap space = new FullIdentityMap(made, map, ranges);
      if (aliases != null) {
        space.addAliases(aliases).ignore();
      }
      complete = true;
      return space;
    } finally {
      if (!complete) {
        made.release();
      }
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.space;

import io.efirts.api.map.MappedPages;
import io.efirts.api.map.MemoryMap;
import io.efirts.api.paging.OutOfFramesException;
import io.efirts.api.plan.VirtualMap;
import io.efirts.x86.paging.MirroredEntries;
import io.efirts.x86.paging.PageTables;
import io.efirts.x86.paging.PageTablesBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What a {@link FullIdentityMap} is made of. For one thread. */
public final class FullIdentityMapBuilder {
  private final PageTablesBuilder tables;
  private final MemoryMap map;
  private final List<MappedPages> ranges = new ArrayList<>();
  private VirtualMap aliases;
  private HostTables host;

  FullIdentityMapBuilder(PageTablesBuilder tables, MemoryMap map) {
    this.tables = Objects.requireNonNull(tables, "tables");
    this.map = Objects.requireNonNull(map, "map");
  }

  /**
   * A further range that is mapped at its physical address: page 0, device registers, what no map
   * tells of. Pages that a region has stay as the region's are.
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
   * The host whose upper part is shared. If this is not called, nothing is shared.
   *
   * @param tables the host's tables, of the same mode
   * @return this
   */
  public FullIdentityMapBuilder host(HostTables tables) {
    host = Objects.requireNonNull(tables, "tables");
    return this;
  }

  /**
   * Makes the tables and maps everything. The host's entries are copied first by {@link
   * FullIdentityMap#prepareEntry}. If it is refused, all frames have been given back.
   *
   * @return the address space
   * @throws IllegalStateException if the frame allocator has no frame below 4 GiB for the root
   * @throws IllegalArgumentException if something cannot be mapped: beyond the processor's physical
   *     addresses, at a virtual address that is taken or the host's; or the host has another mode
   * @throws OutOfFramesException if there are not enough frames
   */
  public FullIdentityMap build() {
    PageTables made = root();
    boolean complete = false;
    try {
      List<MirroredEntries> shared = host == null ? List.of() : host.shareWith(made);
      FullIdentityMap space = new FullIdentityMap(made, shared, map, ranges);
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

  private PageTables root() {
    try {
      return tables.rootBelow4GiB().build();
    } catch (OutOfFramesException refusal) {
      throw new IllegalStateException(
          "root of a full identity map must lie below 4 GiB, where no frame is free:"
              + " maximumAddress=0xffffffff",
          refusal);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.paging.Mapping;
import io.efirts.api.paging.table.MappingRuns;
import java.util.List;

/** Goes through all tables, in the order of virtual addresses, and gathers what they map. */
final class MappingScan {
  private final Tables tables;
  private final PagingMode mode;
  private final EntryFormat format;
  private final MappingRuns found = new MappingRuns();

  MappingScan(Tables tables) {
    this.tables = tables;
    this.mode = tables.mode();
    this.format = tables.format();
  }

  List<Mapping> run() {
    scan(tables.root(), mode.rootLevel(), 0, 0);
    return found.all();
  }

  private void scan(long table, int level, long start, long tableBits) {
    for (int i = 0; i < mode.entries(level); i++) {
      long entry = tables.memory().load(table, i);
      if (!format.isValid(level, entry) || format.exceedsOutput(entry)) {
        continue;
      }
      long address = start + i * mode.span(level);
      if (!format.isLeaf(level, entry)) {
        scan(format.tableFrame(entry), level + 1, address, tableBits | entry);
      } else if ((entry & EntryBits.AF) != 0) {
        add(level, address, entry, tableBits);
      }
    }
  }

  private void add(int level, long address, long leaf, long tableBits) {
    found.add(
        new Mapping(
            new VirtualAddress(address),
            new VirtualAddress(address + mode.span(level) - 1),
            new PhysicalAddress(format.physical(level, leaf)),
            mode.pageSize(level),
            format.attributes(leaf, tableBits)));
  }
}

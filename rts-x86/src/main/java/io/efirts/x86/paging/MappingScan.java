// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.paging;

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
    scan(tables.root(), mode.levels(), 0, -1, 0);
    return found.all();
  }

  private void scan(long table, int level, long start, long allowed, long denied) {
    for (int i = 0; i < mode.entries(level); i++) {
      long entry = tables.memory().load(table, i);
      if (!EntryFormat.isPresent(entry)) {
        continue;
      }
      boolean leaf = format.isLeaf(level, entry);
      if ((entry & format.reserved(level, leaf)) != 0) {
        continue;
      }
      long address = mode.canonical(start + i * mode.span(level));
      long allowedHere = allowed & format.withPermissions(level, entry);
      long deniedHere = denied | entry;
      if (leaf) {
        add(level, address, entry, allowedHere, deniedHere);
      } else {
        scan(format.tableFrame(entry), level - 1, address, allowedHere, deniedHere);
      }
    }
  }

  private void add(int level, long address, long leaf, long allowed, long denied) {
    found.add(
        new Mapping(
            new VirtualAddress(address),
            new VirtualAddress(address + mode.span(level) - 1),
            new PhysicalAddress(format.physical(level, leaf)),
            mode.pageSize(level),
            format.attributes(level, leaf, allowed, denied)));
  }
}

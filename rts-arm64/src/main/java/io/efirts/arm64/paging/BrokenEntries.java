// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

import java.util.TreeMap;

/**
 * The entries of one tree of tables between break and make: processors find them invalid in memory
 * and may still have cached what they were, so that nothing else may take their place yet (Arm ARM,
 * section D8.16.1).
 *
 * <p>Changes look through them at what the tables are going to be, and so build on each other
 * before any of them was flushed.
 */
final class BrokenEntries {
  private final TableMemory memory;
  private final int tableBytes;

  /** By the entry's address. */
  private final TreeMap<Long, BrokenEntry> entries = new TreeMap<>();

  BrokenEntries(TableMemory memory, int tableBytes) {
    this.memory = memory;
    this.tableBytes = tableBytes;
  }

  /** The broken entry at a place, or null. */
  BrokenEntry at(long table, int index) {
    return entries.isEmpty() ? null : entries.get(TableMemory.address(table, index));
  }

  /** Makes an entry invalid that a processor may have cached. */
  BrokenEntry breakEntry(long table, int index, long reach, long next) {
    memory.store(table, index, 0);
    BrokenEntry broken = new BrokenEntry(table, index, reach, next);
    entries.put(TableMemory.address(table, index), broken);
    return broken;
  }

  /** Stores what an entry was going to be, unless that was done or is not wanted any more. */
  void make(BrokenEntry broken) {
    if (entries.remove(TableMemory.address(broken.table, broken.index), broken)) {
      memory.store(broken.table, broken.index, broken.next);
    }
  }

  /** Leaves the entries of a table as they are, invalid: nothing leads to the table any more. */
  void forget(long table) {
    entries.subMap(table, table + tableBytes).clear();
  }
}

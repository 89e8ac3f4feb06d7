// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.paging;

import io.efirts.api.paging.FrameAllocator;

/**
 * One tree of tables, as everything that reads or changes it sees it.
 *
 * @param mode its levels
 * @param format its entries
 * @param memory its bytes
 * @param root frame of the table of the highest level
 */
record Tables(PagingMode mode, EntryFormat format, TableMemory memory, long root) {

  long load(long table, int level, long virtualAddress) {
    return memory.load(table, mode.index(level, virtualAddress));
  }

  /**
   * The own table that an entry leads to on the way to entries that are to be copied, or NONE.
   *
   * @throws IllegalArgumentException if a page or somebody else's table is in the way
   */
  long below(long table, int level, long first, long last) {
    long entry = load(table, level, first);
    Refusals.requireOwn(entry, first);
    if (!EntryFormat.isPresent(entry)) {
      return FrameAllocator.NONE;
    }
    if (format.isLeaf(level, entry)) {
      throw Refusals.alreadyMapped(first, last, first);
    }
    return format.tableFrame(entry);
  }

  boolean isEmpty(long table, int level) {
    for (int i = 0; i < mode.entries(level); i++) {
      if (EntryFormat.isPresent(memory.load(table, i))) {
        return false;
      }
    }
    return true;
  }
}

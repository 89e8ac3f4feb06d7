// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

/**
 * One tree of tables, as everything that changes it sees it: with the entries that wait for a flush
 * as they are going to be. What a processor sees is {@link #memory()} alone.
 *
 * @param mode its levels
 * @param format its entries
 * @param memory its bytes
 * @param broken its entries that wait for a flush
 * @param root frame of the table at which a walk starts
 * @param contiguous whether runs of entries get the contiguous hint
 */
record Tables(
    PagingMode mode,
    EntryFormat format,
    TableMemory memory,
    BrokenEntries broken,
    long root,
    boolean contiguous) {

  long load(long table, int level, long virtualAddress) {
    return loadAt(table, mode.index(level, virtualAddress));
  }

  long loadAt(long table, int index) {
    BrokenEntry waiting = broken.at(table, index);
    return waiting == null ? memory.load(table, index) : waiting.next;
  }

  boolean isEmpty(long table, int level) {
    for (int i = 0; i < mode.entries(level); i++) {
      if (format.isValid(level, loadAt(table, i))) {
        return false;
      }
    }
    return true;
  }
}

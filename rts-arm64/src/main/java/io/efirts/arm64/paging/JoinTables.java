// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

/**
 * Turns tables whose entries all map one aligned run of memory alike into blocks. Which of them
 * have the contiguous hint makes no difference; blocks get none.
 */
final class JoinTables {
  private final Tables tables;
  private final PagingMode mode;
  private final EntryFormat format;
  private final Change change;
  private final int largestLevel;

  JoinTables(Tables tables, Change change, int largestLevel) {
    this.tables = tables;
    this.mode = tables.mode();
    this.format = tables.format();
    this.change = change;
    this.largestLevel = largestLevel;
  }

  void make(long first, long last) {
    join(tables.root(), mode.rootLevel(), first, last);
  }

  private void join(long table, int level, long from, long to) {
    for (long at = from, end; at <= to; at = end + 1) {
      end = mode.endOfEntry(level, at, to);
      long entry = tables.load(table, level, at);
      if (!format.isValid(level, entry) || format.isLeaf(level, entry)) {
        continue;
      }
      long child = format.tableFrame(entry);
      join(child, level + 1, at, end);
      long leaf = level >= largestLevel && mode.isWhole(level, at, end) ? joined(level, child) : 0;
      if (leaf != 0) {
        change.replace(table, level, at, leaf);
        change.retire(child);
      }
    }
  }

  /** One entry for all of a table, or 0 if they differ. */
  private long joined(int level, long table) {
    int lower = level + 1;
    long first = tables.loadAt(table, 0) & ~EntryBits.CONTIGUOUS;
    if (!format.isValid(lower, first)
        || !format.isLeaf(lower, first)
        || (format.physical(lower, first) & mode.span(level) - 1) != 0) {
      return 0;
    }
    for (int i = 1; i < mode.entries(lower); i++) {
      long entry = tables.loadAt(table, i) & ~EntryBits.CONTIGUOUS;
      if (entry != first + i * mode.span(lower)) {
        return 0;
      }
    }
    return format.widen(level, first);
  }
}

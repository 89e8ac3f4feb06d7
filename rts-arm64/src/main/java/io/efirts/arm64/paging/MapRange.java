// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

import io.efirts.api.memory.MappingAttributes;

/**
 * Maps a range in which nothing is mapped, with the largest pages that fit. New tables are filled
 * before anything leads to them.
 */
final class MapRange {
  private final Tables tables;
  private final PagingMode mode;
  private final EntryFormat format;
  private final ContiguousRuns runs;
  private final Change change;
  private final long first;
  private final long last;
  private final long delta;

  /** The level of the largest pages that are allowed and as aligned physically as virtually. */
  private final int largestLevel;

  /** The entry for physical address 0, by level. */
  private final long[] leafBits = new long[PagingMode.PAGE_LEVEL + 1];

  MapRange(
      Tables tables,
      Change change,
      int largestLevel,
      long first,
      long last,
      long physical,
      MappingAttributes attributes) {
    this.tables = tables;
    this.mode = tables.mode();
    this.format = tables.format();
    this.runs = new ContiguousRuns(tables);
    this.change = change;
    this.first = first;
    this.last = last;
    this.delta = physical - first;
    int level = largestLevel;
    while ((delta & mode.span(level) - 1) != 0) {
      level++;
    }
    this.largestLevel = level;
    for (; level <= PagingMode.PAGE_LEVEL; level++) {
      leafBits[level] = format.leaf(level, 0, attributes);
    }
  }

  void make() {
    change.reserve(framesNeeded(tables.root(), mode.rootLevel(), first, last));
    grow(tables.root(), mode.rootLevel(), first, last);
  }

  private long framesNeeded(long table, int level, long from, long to) {
    long frames = 0;
    for (long at = from, end; at <= to; at = end + 1) {
      end = mode.endOfEntry(level, at, to);
      long entry = tables.load(table, level, at);
      if (!format.isValid(level, entry)) {
        frames += newTables(level, at, end);
      } else if (format.isLeaf(level, entry)) {
        throw Refusals.alreadyMapped(first, last, at);
      } else {
        frames += framesNeeded(format.tableFrame(entry), level + 1, at, end);
      }
    }
    return frames;
  }

  /** A table is needed for each entry above the last level that is touched and maps no page. */
  private long newTables(int top, long from, long to) {
    long needed = 0;
    for (int level = top; level < PagingMode.PAGE_LEVEL; level++) {
      long span = mode.span(level);
      long touched = to / span - from / span + 1;
      long whole = (to + 1) / span - Math.ceilDiv(from, span);
      needed += touched - (level >= largestLevel ? Math.max(0, whole) : 0);
    }
    return needed;
  }

  private void grow(long table, int level, long from, long to) {
    long runEnd = -1;
    for (long at = from, end; at <= to; at = end + 1) {
      end = mode.endOfEntry(level, at, to);
      long entry = tables.load(table, level, at);
      if (format.isValid(level, entry)) {
        grow(format.tableFrame(entry), level + 1, at, end);
      } else {
        if (startsRun(table, level, at)) {
          runEnd = at + runs.span(level) - 1;
        }
        long hint = at <= runEnd ? EntryBits.CONTIGUOUS : 0;
        change.replace(table, level, at, entryFor(level, at, end) | hint);
      }
    }
  }

  private boolean startsRun(long table, int level, long at) {
    long span = runs.span(level);
    return span > mode.span(level)
        && level >= largestLevel
        && ((at | at + delta) & span - 1) == 0
        && last - at >= span - 1
        && runs.isFree(table, level, at);
  }

  private long entryFor(int level, long from, long to) {
    return isPage(level, from, to)
        ? leafBits[level] | format.addressBits(from + delta)
        : format.table(newTable(level + 1, from, to));
  }

  private boolean isPage(int level, long from, long to) {
    return level >= largestLevel && mode.isWhole(level, from, to);
  }

  private long newTable(int level, long from, long to) {
    long table = change.takeFrame();
    int index = mode.index(level, from);
    int count = mode.index(level, to) - index + 1;
    if (count < mode.entries(level)) {
      tables.memory().clear(table);
    }
    if (level == PagingMode.PAGE_LEVEL) {
      fillPages(table, from, to);
    } else {
      for (long at = from, end; at <= to; at = end + 1) {
        end = mode.endOfEntry(level, at, to);
        tables.memory().fill(table, index++, 1, entryFor(level, at, end), 0);
      }
    }
    runs.mark(table, level, from, first, last);
    return table;
  }

  private void fillPages(long table, long from, long to) {
    int level = PagingMode.PAGE_LEVEL;
    long span = mode.span(level);
    for (long at = from, end; at <= to; at = end + 1) {
      end = Math.min(to, EntryFormat.endOfRun(at + delta) - delta);
      int count = (int) ((end + 1 - at) / span);
      long first = leafBits[level] | format.addressBits(at + delta);
      tables.memory().fill(table, mode.index(level, at), count, first, span);
    }
  }
}

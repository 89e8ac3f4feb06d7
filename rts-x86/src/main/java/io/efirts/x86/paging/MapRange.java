// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.paging;

import io.efirts.api.memory.MappingAttributes;

/**
 * Maps a range in which nothing is mapped, with the largest pages that fit. New tables are filled
 * before anything leads to them.
 */
final class MapRange {
  private final Tables tables;
  private final PagingMode mode;
  private final Change change;
  private final long first;
  private final long last;
  private final long delta;

  /** The highest level whose pages are allowed and as aligned physically as virtually. */
  private final int largestLevel;

  /** The entry for physical address 0, by level. */
  private final long[] leafBits;

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
    this.change = change;
    this.first = first;
    this.last = last;
    this.delta = physical - first;
    int level = largestLevel;
    while ((delta & mode.span(level) - 1) != 0) {
      level--;
    }
    this.largestLevel = level;
    this.leafBits = new long[level + 1];
    for (; level > 0; level--) {
      leafBits[level] = tables.format().leaf(level, 0, attributes);
    }
  }

  void make() {
    change.reserve(framesNeeded(tables.root(), mode.levels(), first, last));
    grow(tables.root(), mode.levels(), first, last);
  }

  private long framesNeeded(long table, int level, long from, long to) {
    long frames = 0;
    for (long at = from, end; at <= to; at = end + 1) {
      end = mode.endOfEntry(level, at, to);
      long entry = tables.load(table, level, at);
      Refusals.requireOwn(entry, at);
      if (!EntryFormat.isPresent(entry)) {
        frames += newTables(level, at, end);
      } else {
        if (tables.format().isLeaf(level, entry)) {
          throw Refusals.alreadyMapped(first, last, at);
        }
        frames += framesNeeded(tables.format().tableFrame(entry), level - 1, at, end);
      }
    }
    return frames;
  }

  /** A table is needed for each entry of levels 2 and up that is touched and maps no page. */
  private long newTables(int top, long from, long to) {
    long needed = 0;
    for (int level = 2; level <= top; level++) {
      long span = mode.span(level);
      long touched = Math.floorDiv(to, span) - Math.floorDiv(from, span) + 1;
      long whole = Math.floorDiv(to + 1, span) - Math.ceilDiv(from, span);
      needed += touched - (level <= largestLevel ? Math.max(0, whole) : 0);
    }
    return needed;
  }

  private void grow(long table, int level, long from, long to) {
    for (long at = from, end; at <= to; at = end + 1) {
      end = mode.endOfEntry(level, at, to);
      long entry = tables.load(table, level, at);
      if (EntryFormat.isPresent(entry)) {
        grow(tables.format().tableFrame(entry), level - 1, at, end);
      } else {
        change.replace(table, level, at, entryFor(level, at, end));
      }
    }
  }

  private long entryFor(int level, long from, long to) {
    return isPage(level, from, to)
        ? leafBits[level] | from + delta
        : tables.format().table(level, newTable(level - 1, from, to));
  }

  private boolean isPage(int level, long from, long to) {
    return level <= largestLevel && mode.isWhole(level, from, to);
  }

  private long newTable(int level, long from, long to) {
    long table = change.takeFrame();
    int firstIndex = mode.index(level, from);
    int count = mode.index(level, to) - firstIndex + 1;
    if (count < mode.entries(level)) {
      tables.memory().clear(table);
    }
    int index = firstIndex;
    for (long at = from, end; at <= to; at = end + 1) {
      end = mode.endOfEntry(level, at, to);
      if (isPage(level, at, end)) {
        int pages = (int) ((to - at + 1) / mode.span(level));
        end = at + pages * mode.span(level) - 1;
        tables.memory().fill(table, index, pages, leafBits[level] | at + delta, mode.span(level));
        index += pages;
      } else {
        tables.memory().fill(table, index++, 1, entryFor(level, at, end), 0);
      }
    }
    return table;
  }
}

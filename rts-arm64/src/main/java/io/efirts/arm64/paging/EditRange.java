// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

import io.efirts.api.memory.MappingAttributes;

/**
 * Unmaps a mapped range, changes its attributes, or only splits the blocks that partly lie in it,
 * which the other two do as well. Tables in which nothing is left are set free.
 */
final class EditRange {
  private final Tables tables;
  private final PagingMode mode;
  private final EntryFormat format;
  private final ContiguousRuns runs;
  private final Change change;
  private final long first;
  private final long last;

  private final Kind kind;

  /** The new attributes, or null where none change. */
  private final MappingAttributes attributes;

  /** What is done to the range. */
  enum Kind {
    UNMAP,
    PROTECT,
    SPLIT
  }

  EditRange(
      Tables tables,
      Change change,
      long first,
      long last,
      Kind kind,
      MappingAttributes attributesOrNull) {
    this.tables = tables;
    this.mode = tables.mode();
    this.format = tables.format();
    this.runs = new ContiguousRuns(tables);
    this.change = change;
    this.first = first;
    this.last = last;
    this.kind = kind;
    this.attributes = attributesOrNull;
  }

  void make() {
    change.reserve(framesNeeded(tables.root(), mode.rootLevel(), first, last));
    edit(tables.root(), mode.rootLevel(), first, last);
  }

  private long framesNeeded(long table, int level, long from, long to) {
    long frames = 0;
    for (long at = from, end; at <= to; at = end + 1) {
      end = mode.endOfEntry(level, at, to);
      long entry = tables.load(table, level, at);
      if (!format.isValid(level, entry)) {
        throw Refusals.notMapped(first, last, at);
      }
      if (!format.isLeaf(level, entry)) {
        frames += framesNeeded(format.tableFrame(entry), level + 1, at, end);
      } else if (isTouched(level, entry, at, end)) {
        frames += splits(level, at, end);
      }
    }
    return frames;
  }

  /** How many tables it takes to change only this part of a block. */
  private long splits(int level, long from, long to) {
    if (mode.isWhole(level, from, to)) {
      return 0;
    }
    long frames = 1;
    for (long at = from, end; at <= to; at = end + 1) {
      end = mode.endOfEntry(level + 1, at, to);
      frames += splits(level + 1, at, end);
    }
    return frames;
  }

  private void edit(long table, int level, long from, long to) {
    unmarkCutRun(table, level, from);
    unmarkCutRun(table, level, to);
    for (long at = from, end; at <= to; at = end + 1) {
      end = mode.endOfEntry(level, at, to);
      long entry = tables.load(table, level, at);
      if (!format.isLeaf(level, entry)) {
        editTable(table, level, at, end, format.tableFrame(entry));
      } else if (isTouched(level, entry, at, end)) {
        change.replace(table, level, at, changed(level, entry, at, end));
      }
    }
  }

  /** The hint goes from all of a run before a part of it is edited. */
  private void unmarkCutRun(long table, int level, long virtualAddress) {
    long entry = tables.load(table, level, virtualAddress);
    if (runs.isHinted(level, entry)
        && runs.isCut(level, virtualAddress, first, last)
        && (kind == Kind.SPLIT || edited(entry) != entry)) {
      runs.unmark(change, table, level, virtualAddress);
    }
  }

  private void editTable(long parent, int level, long from, long to, long table) {
    if (kind == Kind.UNMAP && mode.isWhole(level, from, to)) {
      change.replace(parent, level, from, 0);
      change.retireTree(table, level + 1);
      return;
    }
    edit(table, level + 1, from, to);
    if (kind == Kind.UNMAP && tables.isEmpty(table, level + 1)) {
      change.replace(parent, level, from, 0);
      change.retire(table);
    }
  }

  /** What takes the place of a page or block of which this part is edited. */
  private long changed(int level, long leaf, long from, long to) {
    return mode.isWhole(level, from, to)
        ? edited(leaf)
        : format.table(split(level, leaf, from, to));
  }

  private boolean isTouched(int level, long leaf, long from, long to) {
    return kind == Kind.SPLIT ? !mode.isWhole(level, from, to) : edited(leaf) != leaf;
  }

  private long edited(long leaf) {
    return switch (kind) {
      case UNMAP -> 0;
      case PROTECT -> format.withAttributes(leaf, attributes);
      case SPLIT -> leaf;
    };
  }

  /** A new table that maps what the block mapped, but for the part that is edited. */
  private long split(int level, long block, long from, long to) {
    long table = change.takeFrame();
    int lower = level + 1;
    long span = mode.span(lower);
    long child = format.narrow(level, block);
    tables.memory().fill(table, 0, mode.entries(lower), child, span);
    long start = from & -mode.span(level);
    for (long at = from, end; at <= to; at = end + 1) {
      end = mode.endOfEntry(lower, at, to);
      int index = mode.index(lower, at);
      long part = child + (at - start & -span);
      tables.memory().fill(table, index, 1, changed(lower, part, at, end), 0);
    }
    runs.mark(table, lower, start, first, last);
    return table;
  }
}

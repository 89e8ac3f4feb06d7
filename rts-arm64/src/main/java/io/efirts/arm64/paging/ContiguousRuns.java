// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

/**
 * Runs of entries that a processor may cache as one, because all have the contiguous hint (Arm ARM,
 * section D8.7.1): so many of a level that it is worth a name, aligned in the table, mapping alike
 * one piece of memory that is as aligned. If some of a run had the hint and others not, or mapped
 * something else, translations would overlap: so the entries of a run get it and lose it together.
 *
 * <p>Where tables are made without the hint there are no runs, and what it is set in is left alone.
 */
final class ContiguousRuns {
  private final Tables tables;
  private final PagingMode mode;
  private final EntryFormat format;

  ContiguousRuns(Tables tables) {
    this.tables = tables;
    this.mode = tables.mode();
    this.format = tables.format();
  }

  /** How many entries of a level make a run; 1 if there are none. */
  private int entries(int level) {
    return tables.contiguous() ? mode.granule().contiguousEntries(level) : 1;
  }

  /** How much a run translates; as much as an entry if there are none. */
  long span(int level) {
    return entries(level) * mode.span(level);
  }

  /**
   * Whether a run may be made of entries of a table in use. Neither is one of them valid, nor waits
   * one for a flush: a processor may still hold what that was, and must not get the run beside it.
   */
  boolean isFree(long table, int level, long virtualAddress) {
    int start = firstIndex(level, virtualAddress);
    for (int i = start; i < start + entries(level); i++) {
      if (tables.broken().at(table, i) != null
          || format.isValid(level, tables.memory().load(table, i))) {
        return false;
      }
    }
    return true;
  }

  /** Sets the hint in a table that nobody can reach yet, but in no run that a range ends in. */
  void mark(long table, int level, long virtualAddress, long first, long last) {
    int count = entries(level);
    long start = virtualAddress & -(mode.entries(level) * mode.span(level));
    for (int i = 0; count > 1 && i < mode.entries(level); i += count) {
      long entry = tables.memory().load(table, i);
      if (isOneMapping(table, level, i, entry)
          && !isCut(level, start + i * mode.span(level), first, last)) {
        tables.memory().fill(table, i, count, entry | EntryBits.CONTIGUOUS, mode.span(level));
      }
    }
  }

  private boolean isOneMapping(long table, int level, int index, long entry) {
    if (!format.isValid(level, entry)
        || !format.isLeaf(level, entry)
        || (format.physical(level, entry) & span(level) - 1) != 0) {
      return false;
    }
    for (int i = 1; i < entries(level); i++) {
      if (tables.memory().load(table, index + i) != entry + i * mode.span(level)) {
        return false;
      }
    }
    return true;
  }

  /** Whether the run of an address lies partly in a range and partly outside. */
  boolean isCut(int level, long virtualAddress, long first, long last) {
    long start = virtualAddress & -span(level);
    long end = start + span(level) - 1;
    return start < first && first <= end || start <= last && last < end;
  }

  /** Whether a processor may have cached more for an entry than what it translates. */
  boolean isHinted(int level, long entry) {
    return entries(level) > 1
        && format.isValid(level, entry)
        && format.isLeaf(level, entry)
        && (entry & EntryBits.CONTIGUOUS) != 0;
  }

  /** Takes the hint from all entries of a run; each is invalid until the change is flushed. */
  void unmark(Change change, long table, int level, long virtualAddress) {
    long start = virtualAddress & -span(level);
    for (long at = start; at < start + span(level); at += mode.span(level)) {
      long entry = tables.load(table, level, at);
      if (isHinted(level, entry)) {
        change.replace(table, level, at, entry & ~EntryBits.CONTIGUOUS);
      }
    }
  }

  private int firstIndex(int level, long virtualAddress) {
    return mode.index(level, virtualAddress & -span(level));
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.paging;

import io.efirts.api.paging.FrameAllocator;

/**
 * Prepares the places of copies: the tables on the way are made and pinned, and each place is
 * marked, so that nothing else gets there. A marked place without a copy is not present.
 */
final class MirrorPlaces {
  private final Tables tables;
  private final PagingMode mode;
  private final Change change;
  private final int level;
  private final long first;
  private final int count;

  MirrorPlaces(Tables tables, Change change, int level, long first, int count) {
    this.tables = tables;
    this.mode = tables.mode();
    this.change = change;
    this.level = level;
    this.first = first & -mode.span(level);
    this.count = count;
  }

  /**
   * Refuses, or prepares all places.
   *
   * @return the table they are in
   */
  long make() {
    long last = mode.canonical(first + count * mode.span(level) - 1);
    long table = tables.root();
    int missing = 0;
    for (int at = mode.levels(); at > level && missing == 0; at--) {
      table = tables.below(table, at, first, last);
      missing = table == FrameAllocator.NONE ? at - level : 0;
    }
    for (int i = 0; missing == 0 && i < count; i++) {
      long own = tables.load(table, level, address(i));
      Refusals.requireOwn(own, address(i));
      if (EntryFormat.isPresent(own)) {
        throw Refusals.alreadyMapped(first, last, address(i));
      }
    }
    change.reserve(missing);
    return pin(tables.root(), mode.levels());
  }

  private long address(int i) {
    return mode.canonical(first + i * mode.span(level));
  }

  private long pin(long table, int at) {
    if (at == level) {
      for (int i = 0; i < count; i++) {
        change.replace(table, level, address(i), EntryBits.SHARED);
      }
      return table;
    }
    long entry = tables.load(table, at, first);
    if (EntryFormat.isPresent(entry)) {
      change.replace(table, at, first, entry | EntryBits.PINNED);
      return pin(tables.format().tableFrame(entry), at - 1);
    }
    long made = change.takeFrame();
    tables.memory().clear(made);
    long places = pin(made, at - 1);
    change.replace(table, at, first, tables.format().table(at, made) | EntryBits.PINNED);
    return places;
  }
}

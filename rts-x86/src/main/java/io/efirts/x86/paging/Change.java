// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.paging;

import io.efirts.api.memory.FlushToken;
import io.efirts.api.paging.table.FrameList;
import io.efirts.api.paging.table.FrameSupply;

/**
 * One change of the tables while it is made: the frames it may use, all obtained before the first
 * store, and the frames it sets free, which nobody gets before the flush.
 */
final class Change {
  private final Tables tables;
  private final FrameSupply supply;
  private final FrameList retired = new FrameList();
  private FrameList reserved;
  private int taken;
  private boolean stale;

  Change(Tables tables, FrameSupply supply) {
    this.tables = tables;
    this.supply = supply;
  }

  /** Obtains all frames that {@link #takeFrame} is going to give; may refuse the change. */
  void reserve(long frames) {
    reserved = supply.take(frames);
  }

  long takeFrame() {
    return reserved.get(taken++);
  }

  /** Stores an entry of a table in use, unless it is there already. */
  void replace(long table, int level, long virtualAddress, long entry) {
    int index = tables.mode().index(level, virtualAddress);
    long old = tables.memory().load(table, index);
    if (old != entry) {
      tables.memory().store(table, index, entry);
      // Entries that are not present are cached nowhere, but for PAE's registers of the root.
      stale |=
          EntryFormat.isPresent(old)
              || tables.mode() == PagingMode.PAE && level == tables.mode().levels();
    }
  }

  /** Sets a table free that nothing leads to any more. */
  void retire(long table) {
    retired.add(table);
  }

  /** Sets a table free, and all below it that are not somebody else's. */
  void retireTree(long table, int level) {
    for (int i = 0; level > 1 && i < tables.mode().entries(level); i++) {
      long entry = tables.memory().load(table, i);
      if (EntryFormat.isPresent(entry)
          && !EntryFormat.isShared(entry)
          && !tables.format().isLeaf(level, entry)) {
        retireTree(tables.format().tableFrame(entry), level - 1);
      }
    }
    retire(table);
  }

  /** Gives back the frames at once. */
  void settle() {
    supply.giveBack(retired);
  }

  /** What is left to do for a change of the range. */
  FlushToken token(TlbFlush tlb, long first, long last) {
    return stale
        ? new PendingFlush(tlb, tables.root(), first, last, supply, retired)
        : FlushToken.NONE;
  }
}

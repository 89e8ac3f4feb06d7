// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

import io.efirts.api.memory.FlushToken;
import io.efirts.api.paging.table.FrameList;
import io.efirts.api.paging.table.FrameSupply;
import java.util.ArrayList;
import java.util.List;

/**
 * One change of the tables while it is made: the frames it may use, all obtained before the first
 * store; the entries it has broken, which are made by the flush; and the frames it sets free, which
 * nobody gets before the flush.
 */
final class Change {
  private final Tables tables;
  private final ContiguousRuns runs;
  private final FrameSupply supply;
  private final FrameList retired = new FrameList();
  private final List<BrokenEntry> broken = new ArrayList<>();
  private FrameList reserved;
  private int taken;
  private boolean stale;

  /** All that the broken entries reach: what a flush must go to beyond the change's range. */
  private long brokenFirst = Long.MAX_VALUE;

  private long brokenLast;

  Change(Tables tables, FrameSupply supply) {
    this.tables = tables;
    this.runs = new ContiguousRuns(tables);
    this.supply = supply;
  }

  /** Obtains all frames that {@link #takeFrame} is going to give; may refuse the change. */
  void reserve(long frames) {
    reserved = supply.take(frames);
  }

  long takeFrame() {
    return reserved.get(taken++);
  }

  /**
   * Makes an entry of a table in use another one: at once where processors can have cached nothing,
   * or may see both; by break and make where they must not.
   */
  void replace(long table, int level, long virtualAddress, long entry) {
    int index = tables.mode().index(level, virtualAddress);
    BrokenEntry waiting = tables.broken().at(table, index);
    if (waiting != null) {
      waiting.next = entry;
      add(waiting, virtualAddress);
      return;
    }
    long old = tables.memory().load(table, index);
    if (old == entry) {
      return;
    }
    // Entries that are not valid are cached nowhere.
    boolean cached = tables.format().isValid(level, old);
    stale |= cached;
    if (cached && EntryFormat.needsBreak(old, entry)) {
      long reach = runs.isHinted(level, old) ? runs.span(level) : tables.mode().span(level);
      add(tables.broken().breakEntry(table, index, reach, entry), virtualAddress);
    } else {
      tables.memory().store(table, index, entry);
    }
  }

  private void add(BrokenEntry entry, long virtualAddress) {
    broken.add(entry);
    brokenFirst = Math.min(brokenFirst, virtualAddress & -entry.reach);
    brokenLast = Math.max(brokenLast, virtualAddress | entry.reach - 1);
    stale = true;
  }

  /** Sets a table free that nothing leads to any more. */
  void retire(long table) {
    tables.broken().forget(table);
    retired.add(table);
  }

  /** Sets a table free, and all below it. */
  void retireTree(long table, int level) {
    for (int i = 0; level < PagingMode.PAGE_LEVEL && i < tables.mode().entries(level); i++) {
      long entry = tables.loadAt(table, i);
      if (tables.format().isValid(level, entry) && !tables.format().isLeaf(level, entry)) {
        retireTree(tables.format().tableFrame(entry), level + 1);
      }
    }
    retire(table);
  }

  /** Gives back the frames at once. */
  void settle() {
    supply.giveBack(retired);
  }

  /** What is left to do for a change of the range. */
  FlushToken token(TlbFlush tlb, long root, long first, long last) {
    if (!stale) {
      return FlushToken.NONE;
    }
    return new PendingFlush(
        tlb,
        root,
        Math.min(first, brokenFirst),
        Math.max(last, brokenLast),
        tables.broken(),
        broken,
        supply,
        retired);
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.paging;

import io.efirts.api.memory.FlushToken;
import io.efirts.api.paging.FrameAllocator;
import io.efirts.api.paging.OutOfFramesException;

/**
 * Consecutive entries of a table that are copies of those of somebody else's table: how an address
 * space has a host's mappings, and sees them grow, without owning the tables below.
 *
 * <p>The copies carry {@link EntryBits#SHARED}. What they translate can be neither mapped nor
 * unmapped nor protected through {@link PageTables}, and the tables they lead to are never changed
 * nor set free. Made by {@link PageTables#shareEntries}; same threads as there.
 */
public final class SharedEntries {
  private final PageTables owner;
  private final Tables tables;
  private final PagingMode mode;
  private final long source;
  private final int sourceIndex;
  private final int count;
  private final int level;
  private final long first;

  SharedEntries(
      PageTables owner,
      Tables tables,
      long source,
      int sourceIndex,
      int count,
      int level,
      long first) {
    this.owner = owner;
    this.tables = tables;
    this.mode = tables.mode();
    this.source = source;
    this.sourceIndex = sourceIndex;
    this.count = count;
    this.level = level;
    this.first = first & -mode.span(level);
  }

  /**
   * Copies what differs. Entries that are not present are copied as 0. A table of the address space
   * that the copies need is made, one that only they needed is set free.
   *
   * <p>Never blocks; allocates only when an entry differs.
   *
   * @return what remains to be flushed: nothing where entries were only added, but in PAE mode
   * @throws IllegalArgumentException if something else is mapped where a copy belongs
   * @throws OutOfFramesException if a table is needed and there is no frame
   */
  public FlushToken sync() {
    return isInSync() ? FlushToken.NONE : owner.change(this);
  }

  private boolean isInSync() {
    long table = tables.root();
    for (int at = mode.levels(); at > level && table != FrameAllocator.NONE; at--) {
      table = tables.below(table, at, first, lastAddress());
    }
    for (int i = 0; i < count; i++) {
      long own = table == FrameAllocator.NONE ? 0 : tables.load(table, level, address(i));
      if (EntryFormat.isPresent(own) && !EntryFormat.isShared(own)) {
        throw Refusals.alreadyMapped(first, lastAddress(), address(i));
      }
      if ((EntryFormat.isPresent(own) ? own : 0) != copy(i)) {
        return false;
      }
    }
    return true;
  }

  /** Makes the copies; nothing is stored before the last reason to refuse has been looked at. */
  void make(Change change) {
    long table = tables.root();
    int missing = 0;
    for (int at = mode.levels(); at > level && missing == 0; at--) {
      table = tables.below(table, at, first, lastAddress());
      missing = table == FrameAllocator.NONE ? at - level : 0;
    }
    for (int i = 0; missing == 0 && i < count; i++) {
      long own = tables.load(table, level, address(i));
      if (EntryFormat.isPresent(own) && !EntryFormat.isShared(own)) {
        throw Refusals.alreadyMapped(first, lastAddress(), address(i));
      }
    }
    change.reserve(missing);
    copyInto(change, tables.root(), mode.levels());
  }

  long firstAddress() {
    return first;
  }

  long lastAddress() {
    return mode.canonical(first + count * mode.span(level) - 1);
  }

  private long address(int i) {
    return mode.canonical(first + i * mode.span(level));
  }

  private long copy(int i) {
    long entry = tables.memory().load(source, sourceIndex + i);
    return EntryFormat.isPresent(entry) ? entry | EntryBits.SHARED : 0;
  }

  private void copyInto(Change change, long table, int at) {
    if (at == level) {
      for (int i = 0; i < count; i++) {
        change.replace(table, level, address(i), copy(i));
      }
      return;
    }
    long entry = tables.load(table, at, first);
    if (EntryFormat.isPresent(entry)) {
      long lower = tables.format().tableFrame(entry);
      copyInto(change, lower, at - 1);
      if (!EntryFormat.isPinned(entry) && tables.isEmpty(lower, at - 1)) {
        change.replace(table, at, first, 0);
        change.retire(lower);
      }
    } else {
      long made = change.takeFrame();
      tables.memory().clear(made);
      copyInto(change, made, at - 1);
      change.replace(table, at, first, tables.format().table(at, made));
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.paging;

import io.efirts.api.paging.FrameAllocator;

/**
 * Consecutive entries of a table that follow those at the same place below a host's root: how an
 * isolated address space has a host's mappings when it is entered, with nothing that could go wrong
 * then.
 *
 * <p>Unlike {@link SharedEntries}, they find the host's table anew each time, so that it may appear
 * later or be replaced, and have all frames they will ever need. What they translate can be neither
 * mapped nor unmapped nor protected through {@link PageTables}, whether there is a copy or not yet.
 * Made by {@link PageTables#mirrorEntries}.
 *
 * <p>What the host's entries above these deny is not taken over.
 */
public final class MirroredEntries {
  private final PageTables owner;
  private final Tables tables;
  private final long sourceRoot;
  private final int level;
  private final long first;

  /** The own table with the copies; pinned, so always the same. */
  private final long table;

  private final int firstIndex;
  private final int endIndex;

  MirroredEntries(
      PageTables owner,
      Tables tables,
      long sourceRoot,
      int level,
      long first,
      long table,
      int count) {
    this.owner = owner;
    this.tables = tables;
    this.sourceRoot = sourceRoot;
    this.level = level;
    this.first = first;
    this.table = table;
    this.firstIndex = tables.mode().index(level, first);
    this.endIndex = firstIndex + count;
  }

  /**
   * Copies what differs. Each copy is the host's entry with {@link EntryBits#SHARED}, where that is
   * present, else not present. Never throws, blocks or allocates; does nothing once the tables were
   * released. For one thread at a time, the one that may change the tables.
   *
   * <p>The host may add entries meanwhile, without a lock. Every entry of the host's is loaded with
   * acquire and stored here with release: whoever finds a copy finds the tables below it as filled
   * as the host had made them before it stored the entry. Entries are independent of each other:
   * one that the host adds while this runs is copied now or the next time.
   *
   * <p>Nothing is flushed. New copies need no flush; where a copy was replaced or has gone, the
   * load of CR3 that follows must not keep old translations, unless the host has flushed them from
   * this address space as it must from those of its processes. A table that the host takes out of
   * the part that is copied must not be used for anything else while this runs.
   */
  public void sync() {
    if (owner.isReleased()) {
      return;
    }
    TableMemory memory = tables.memory();
    long source = source();
    for (int i = firstIndex; i < endIndex; i++) {
      // Acquire, paired with the host's release: the table below was filled before.
      long entry = memory.load(source, i);
      long copy = EntryFormat.isPresent(entry) ? entry | EntryBits.SHARED : EntryBits.SHARED;
      // Of the copies nobody else stores, so any order would do here.
      if (memory.load(table, i) != copy) {
        // Release, for whoever translates on another thread: passes the table below on, filled.
        memory.store(table, i, copy);
      }
    }
  }

  /** The host's table as its root leads to it now; no memory if it has none. */
  private long source() {
    long source = sourceRoot;
    for (int at = tables.mode().levels(); at > level; at--) {
      long entry = tables.load(source, at, first);
      if (!EntryFormat.isPresent(entry)) {
        return FrameAllocator.NONE;
      }
      source = tables.format().tableFrame(entry);
    }
    return source;
  }
}

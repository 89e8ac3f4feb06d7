// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MemoryRegion;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Tables as bytes of guest memory. Nothing is cached: what is loaded is what a processor would see.
 *
 * <p>Entries of a table that is in use are loaded and stored in one access, an acquire and a
 * release, so that whoever finds a new table finds it filled. Tables that nobody can reach yet are
 * filled with plain stores.
 */
final class TableMemory {
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle ENTRY = LONG.varHandle();

  private final GuestMemory memory;
  private final int tableBytes;

  /** The region of the root, where most tables are; saves the search. */
  private final MemorySegment home;

  private final long homeBase;
  private final long homeSize;

  TableMemory(GuestMemory memory, long root, int tableBytes) {
    MemoryRegion region = memory.regionAt(root);
    this.memory = memory;
    this.tableBytes = tableBytes;
    this.home = region.bytes();
    this.homeBase = region.base().value();
    this.homeSize = home.byteSize();
  }

  /** Where an entry lies in guest memory. */
  static long address(long table, int index) {
    return table + (long) index * Long.BYTES;
  }

  /** Whether there is memory behind an entry; a foreign table need not lie in it as a whole. */
  boolean holds(long table, int index) {
    return memory.regionAt(address(table, index)) != null;
  }

  /** One entry; 0 where there is no memory. Never allocates, never throws. */
  long load(long table, int index) {
    long address = address(table, index);
    long offset = address - homeBase;
    if (offset >= 0 && offset < homeSize) {
      return (long) ENTRY.getAcquire(home, offset);
    }
    MemoryRegion region = memory.regionAt(address);
    return region == null ? 0 : (long) ENTRY.getAcquire(region.bytes(), region.offsetOf(address));
  }

  /** Replaces one entry of a table that may be in use. */
  void store(long table, int index, long entry) {
    long address = address(table, index);
    MemoryRegion region = region(address);
    ENTRY.setRelease(region.bytes(), region.offsetOf(address), entry);
  }

  /** Clears a frame that nobody can reach. */
  void clear(long frame) {
    frame(frame).fill((byte) 0);
  }

  /** Stores an ascending run of entries into a table that nobody can reach. */
  void fill(long table, int first, int count, long entry, long step) {
    MemorySegment frame = frame(table);
    long value = entry;
    for (int i = first; i < first + count; i++) {
      frame.setAtIndex(LONG, i, value);
      value += step;
    }
  }

  private MemorySegment frame(long frame) {
    MemoryRegion region = region(frame);
    return region.bytes().asSlice(region.offsetOf(frame), tableBytes);
  }

  private MemoryRegion region(long address) {
    MemoryRegion region = memory.regionAt(address);
    if (region == null) {
      throw new IllegalStateException(
          "tables must lie in guest memory: address=0x" + Long.toHexString(address));
    }
    return region;
  }
}

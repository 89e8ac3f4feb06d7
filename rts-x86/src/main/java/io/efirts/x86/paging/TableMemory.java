// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.paging;

import io.efirts.api.memory.AddressSpace;
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
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG_ENTRY = LONG.varHandle();
  private static final VarHandle INT_ENTRY = INT.varHandle();

  private final GuestMemory memory;
  private final boolean wide;

  /** The region of the root, where most tables are; saves the search. */
  private final MemorySegment home;

  private final long homeBase;
  private final long homeSize;

  TableMemory(GuestMemory memory, long root, int entryBytes) {
    MemoryRegion region = memory.regionAt(root);
    this.memory = memory;
    this.wide = entryBytes == Long.BYTES;
    this.home = region.bytes();
    this.homeBase = region.base().value();
    this.homeSize = home.byteSize();
  }

  /** Whether there is memory behind a frame. */
  boolean holds(long frame) {
    return memory.regionAt(frame) != null;
  }

  /** The region of the root. */
  MemorySegment home() {
    return home;
  }

  /** The physical address of {@link #home()}. */
  long homeBase() {
    return homeBase;
  }

  /** An entry of 8 bytes, for who knows where it lies. */
  static long load(MemorySegment bytes, long offset) {
    return (long) LONG_ENTRY.getAcquire(bytes, offset);
  }

  /** One entry; 0 where there is no memory. Never allocates, never throws. */
  long load(long table, int index) {
    long offset = table - homeBase;
    if (offset >= 0 && offset < homeSize) {
      return load(home, offset, index);
    }
    MemoryRegion region = memory.regionAt(table);
    return region == null ? 0 : load(region.bytes(), region.offsetOf(table), index);
  }

  private long load(MemorySegment bytes, long offset, int index) {
    return wide
        ? load(bytes, offset + (long) index * Long.BYTES)
        : (int) INT_ENTRY.getAcquire(bytes, offset + (long) index * Integer.BYTES) & 0xFFFF_FFFFL;
  }

  /** Replaces one entry of a table that may be in use. */
  void store(long table, int index, long entry) {
    MemoryRegion region = region(table);
    long offset = region.offsetOf(table);
    if (wide) {
      LONG_ENTRY.setRelease(region.bytes(), offset + (long) index * Long.BYTES, entry);
    } else {
      INT_ENTRY.setRelease(region.bytes(), offset + (long) index * Integer.BYTES, (int) entry);
    }
  }

  /** Clears a frame that nobody can reach. */
  void clear(long frame) {
    frame(frame).fill((byte) 0);
  }

  /** Stores an ascending run of entries into a table that nobody can reach. */
  void fill(long table, int first, int count, long entry, long step) {
    // A segment that has the run and nothing else needs no check in the loop.
    int bytes = wide ? Long.BYTES : Integer.BYTES;
    MemorySegment run = frame(table).asSlice((long) first * bytes, (long) count * bytes);
    if (wide) {
      for (int i = 0; i < count; i++) {
        run.setAtIndex(LONG, i, entry + i * step);
      }
    } else {
      for (int i = 0; i < count; i++) {
        run.setAtIndex(INT, i, (int) (entry + i * step));
      }
    }
  }

  private MemorySegment frame(long frame) {
    MemoryRegion region = region(frame);
    return region.bytes().asSlice(region.offsetOf(frame), AddressSpace.PAGE_BYTES);
  }

  private MemoryRegion region(long frame) {
    MemoryRegion region = memory.regionAt(frame);
    if (region == null) {
      throw new IllegalStateException(
          "tables must lie in guest memory: table=0x" + Long.toHexString(frame));
    }
    return region;
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.paging;

import io.efirts.api.memory.Access;
import java.lang.foreign.MemorySegment;

/**
 * The walk of 4-level and 5-level paging as it nearly always is: all tables lie in the region of
 * the root, entries that lead to tables restrict nothing, and the access succeeds. Whatever is
 * otherwise it leaves to {@link PageWalk}, which finds out why.
 */
final class PlainWalk {
  /** No physical address: the walk is not plain. */
  static final long NOT_PLAIN = -1;

  /** Offset of an entry in its table, once the index has been moved to bits 11:3. */
  private static final long ENTRY_OFFSET = 0xFF8;

  /** Bits 20:13 and 29:13 of large pages are reserved, and bit 12 is PAT. */
  private static final long LARGE_PAGE_FLAGS = 0x1FFF;

  /** An entry has 8 bytes. */
  private static final int ENTRY_SHIFT = 3;

  /** By how much an address is moved to the right to have its index in bits 11:3, at level 1. */
  private static final int LOWEST_SHIFT = 12 - ENTRY_SHIFT;

  private static final int INDEX_BITS = 9;

  /** The same for entries that map 1 GiB. */
  private static final int LARGEST_PAGE_SHIFT = LOWEST_SHIFT + 2 * INDEX_BITS;

  private static final long PLAIN_TABLE = EntryBits.P | EntryBits.RW;

  /** What must be {@link #PLAIN_TABLE} in an entry that leads to a table. */
  private final long tableBits;

  private final MemorySegment home;
  private final long homeBase;
  private final long root;
  private final int rootShift;
  private final int unusedBits;
  private final long reserved;
  private final long frame;

  PlainWalk(Tables tables) {
    this.home = tables.memory().home();
    this.homeBase = tables.memory().homeBase();
    this.root = tables.root();
    this.rootShift = LOWEST_SHIFT + INDEX_BITS * (tables.mode().levels() - 1);
    this.unusedBits = Long.SIZE - (rootShift + INDEX_BITS + ENTRY_SHIFT);
    this.reserved = tables.format().reserved(1, true);
    this.frame = tables.format().tableFrame(-1);
    this.tableBits = PLAIN_TABLE | EntryBits.PS | EntryBits.NX | reserved;
  }

  /** Whether tables of a mode can be walked so: entries of 8 bytes, alike at every level. */
  static boolean suits(PagingMode mode) {
    return mode == PagingMode.FOUR_LEVEL || mode == PagingMode.FIVE_LEVEL;
  }

  /**
   * Translates any address.
   *
   * @return the physical address, or {@link #NOT_PLAIN}
   */
  long translate(long virtualAddress, Access access) {
    if (virtualAddress << unusedBits >> unusedBits != virtualAddress) {
      return NOT_PLAIN;
    }
    // Fields would be loaded again after every entry, because that load acquires.
    MemorySegment tables = home;
    long base = homeBase;
    long frames = frame;
    long plain = tableBits;
    int shift = rootShift;
    long entry = load(tables, base, root, virtualAddress >>> shift);
    while (shift > LOWEST_SHIFT && (entry & plain) == PLAIN_TABLE) {
      shift -= INDEX_BITS;
      entry = load(tables, base, entry & frames, virtualAddress >>> shift);
    }
    return shift == LOWEST_SHIFT || shift <= LARGEST_PAGE_SHIFT && (entry & EntryBits.PS) != 0
        ? page(virtualAddress, access, entry, (1L << shift + ENTRY_SHIFT) - 1)
        : NOT_PLAIN;
  }

  /** One entry; not present where the table is not in the region of the root. */
  private static long load(MemorySegment tables, long base, long table, long shiftedAddress) {
    // The load waits for the table's address, which is therefore added last.
    long offset = table + ((shiftedAddress & ENTRY_OFFSET) - base);
    // The very comparison that the segment makes, so that it is made once.
    return Long.compareUnsigned(offset, tables.byteSize() - Long.BYTES + 1) >= 0
        ? 0
        : TableMemory.load(tables, offset);
  }

  private long page(long virtualAddress, Access access, long entry, long offsetBits) {
    long needed = EntryBits.P | (access == Access.WRITE ? EntryBits.RW : 0);
    long forbidden =
        reserved | offsetBits & ~LARGE_PAGE_FLAGS | (access == Access.EXECUTE ? EntryBits.NX : 0);
    return (entry & (forbidden | needed)) == needed
        ? entry & (frame & ~offsetBits) | virtualAddress & offsetBits
        : NOT_PLAIN;
  }
}

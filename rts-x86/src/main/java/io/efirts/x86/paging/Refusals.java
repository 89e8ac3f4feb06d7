// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.paging;

import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.PhysicalAddress;

/** Why a change of a range is refused, in words. */
final class Refusals {
  private Refusals() {}

  static IllegalArgumentException alreadyMapped(long first, long last, long mapped) {
    return new IllegalArgumentException(
        "range must not be mapped yet:" + range(first, last) + ", mapped=0x" + hex(mapped));
  }

  static IllegalArgumentException notMapped(long first, long last, long missing) {
    return new IllegalArgumentException(
        "range must be mapped:" + range(first, last) + ", missing=0x" + hex(missing));
  }

  /** Copies of somebody else's entries, and places for them, are changed by copying only. */
  static void requireOwn(long entry, long virtualAddress) {
    if (entry == EntryBits.SHARED || EntryFormat.isPresent(entry) && EntryFormat.isShared(entry)) {
      throw new IllegalArgumentException(
          "range must not lie in entries that were copied: address=0x"
              + hex(virtualAddress)
              + ", entry=0x"
              + hex(entry));
    }
  }

  /** On the way to entries that are followed there must be tables only, never a page. */
  static void requireAbovePages(PagingMode mode, int level) {
    if (level < mode.largestPageLevel()) {
      throw new IllegalArgumentException(
          "level must not be below that of the largest pages: level="
              + level
              + ", largest="
              + mode.largestPageLevel());
    }
  }

  /** Copies and what they are copied from must be runs of entries of one table each. */
  static void requireOneTable(PagingMode mode, int level, int index, int sourceIndex, int count) {
    int entries = mode.entries(level);
    if (count < 1 || count > entries - index || sourceIndex < 0 || sourceIndex > entries - count) {
      throw new IllegalArgumentException(
          "copied entries must lie in one table: count="
              + count
              + ", index="
              + index
              + ", sourceIndex="
              + sourceIndex
              + ", entries="
              + entries);
    }
  }

  /** What is copied from must be a table that can be read. */
  static void requireTable(Tables tables, int level, PhysicalAddress source) {
    int alignment = tables.mode().entries(level) * tables.mode().entryBytes();
    if (source.value() % alignment != 0 || !tables.memory().holds(source.value())) {
      throw new IllegalArgumentException(
          "source must be a table in guest memory: source=" + source);
    }
  }

  /** The last address of a range that can be mapped, changed or unmapped. */
  static long requireRange(PagingMode mode, long first, long lengthBytes) {
    long last = first + lengthBytes - 1;
    boolean aligned = ((first | lengthBytes) & (AddressSpace.PAGE_BYTES - 1)) == 0;
    // No length that fits a long leads from the lower half to canonical addresses of the upper one.
    boolean inRange = lengthBytes > 0 && Long.compareUnsigned(last, first) >= 0;
    if (!aligned || !inRange || !mode.isCanonical(first) || !mode.isCanonical(last)) {
      throw new IllegalArgumentException(
          "range must be a positive multiple of 4096 of canonical addresses: first=0x"
              + Long.toHexString(first)
              + ", length=0x"
              + Long.toHexString(lengthBytes));
    }
    return last;
  }

  private static String range(long first, long last) {
    return " first=0x" + hex(first) + ", last=0x" + hex(last);
  }

  private static String hex(long value) {
    return Long.toHexString(value);
  }
}

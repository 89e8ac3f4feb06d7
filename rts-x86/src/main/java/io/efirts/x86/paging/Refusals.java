// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.paging;

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

  /** Copies of somebody else's entries are changed by copying again only. */
  static void requireOwn(long entry, long virtualAddress) {
    if (EntryFormat.isPresent(entry) && EntryFormat.isShared(entry)) {
      throw new IllegalArgumentException(
          "range must not lie in entries that were copied: address=0x"
              + hex(virtualAddress)
              + ", entry=0x"
              + hex(entry));
    }
  }

  private static String range(long first, long last) {
    return " first=0x" + hex(first) + ", last=0x" + hex(last);
  }

  private static String hex(long value) {
    return Long.toHexString(value);
  }
}

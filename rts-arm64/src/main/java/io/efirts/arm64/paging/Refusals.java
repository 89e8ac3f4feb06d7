// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

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

  /** The last address of a range of whole pages that the tables translate. */
  static long requireRange(PagingMode mode, long first, long lengthBytes) {
    long last = first + lengthBytes - 1;
    boolean aligned = ((first | lengthBytes) & (mode.granule().bytes() - 1)) == 0;
    if (!aligned || lengthBytes <= 0 || !mode.isCanonical(first) || !mode.isCanonical(last)) {
      throw new IllegalArgumentException(
          "range must be a positive multiple of "
              + mode.granule().bytes()
              + " of addresses that the tables translate: first=0x"
              + hex(first)
              + ", length=0x"
              + hex(lengthBytes)
              + ", bits="
              + mode.virtualBits());
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

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.plan;

import io.efirts.api.memory.AddressSpace;

/**
 * The part of the virtual address space that EFI regions may use. Addresses are unsigned.
 *
 * @param bottom first address, a multiple of the alignment
 * @param top first address behind it, a multiple of the alignment
 * @param alignment what every virtual address is congruent to its physical one modulo, so that the
 *     host can map both with pages as large: a power of 2, at least 4096
 */
public record VirtualWindow(long bottom, long top, long alignment) {
  /**
   * Checks the bounds.
   *
   * @throws IllegalArgumentException when the alignment is no power of 2 from 4096 up, a bound is
   *     no multiple of it, or the window is empty
   */
  public VirtualWindow {
    if (alignment < AddressSpace.PAGE_BYTES || Long.bitCount(alignment) != 1) {
      throw new IllegalArgumentException(
          "window alignment must be a power of 2 and at least 4096: alignment=" + hex(alignment));
    }
    if ((bottom | top) % alignment != 0 || Long.compareUnsigned(bottom, top) >= 0) {
      throw new IllegalArgumentException(
          "window must not be empty and end on multiples of its alignment: bottom="
              + hex(bottom)
              + ", top="
              + hex(top)
              + ", alignment="
              + hex(alignment));
    }
  }

  /**
   * Whether a range lies in the window.
   *
   * @param start its first address
   * @param lengthBytes its length, 0 or more
   * @return true when all of it does
   */
  public boolean contains(long start, long lengthBytes) {
    return lengthBytes >= 0
        && Long.compareUnsigned(start, bottom) >= 0
        && Long.compareUnsigned(start, top) <= 0
        && Long.compareUnsigned(lengthBytes, top - start) <= 0;
  }

  /**
   * Returns the bounds in hex.
   *
   * @return for example {@code 0xffffffef00000000-0xffffffff00000000}
   */
  @Override
  public String toString() {
    return hex(bottom) + "-" + hex(top);
  }

  static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.plan;

/**
 * The part of the virtual address space that EFI regions may use. Addresses are unsigned.
 *
 * @param bottom first address, a multiple of 2 MiB
 * @param top first address behind it, a multiple of 2 MiB
 */
public record VirtualWindow(long bottom, long top) {
  /** Linux's on x86-64: 64 GiB that end 4 GiB below the end of the address space. */
  public static final VirtualWindow LINUX =
      new VirtualWindow(0xFFFF_FFEF_0000_0000L, 0xFFFF_FFFF_0000_0000L);

  /** What a large page maps; addresses keep their place in it, so that large pages can be used. */
  static final long ALIGNMENT = 0x20_0000;

  /**
   * Checks the bounds.
   *
   * @throws IllegalArgumentException when one is no multiple of 2 MiB, or the window is empty
   */
  public VirtualWindow {
    if ((bottom | top) % ALIGNMENT != 0 || Long.compareUnsigned(bottom, top) >= 0) {
      throw new IllegalArgumentException(
          "window must not be empty and end on multiples of 2 MiB: bottom="
              + hex(bottom)
              + ", top="
              + hex(top));
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

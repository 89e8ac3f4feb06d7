// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.plan;

/**
 * The part of the virtual address space that EFI regions may use.
 *
 * @param bottom first address, a multiple of 64 KiB
 * @param top first address behind it, a multiple of 64 KiB, at most 2^48
 */
public record VirtualWindow(long bottom, long top) {
  /**
   * From 512 MiB, where Linux begins on arm64, up to 64 GiB: the end of the smallest address space
   * that a kernel with any granule can be configured for, so that each can take over from another.
   */
  public static final VirtualWindow LINUX = new VirtualWindow(0x2000_0000L, 1L << 36);

  /** The largest granule: addresses keep their place in its pages. */
  static final long ALIGNMENT = 0x1_0000;

  /** End of what TTBR0_EL1 can translate. */
  static final long LAST_TOP = 1L << 48;

  /**
   * Checks the bounds.
   *
   * @throws IllegalArgumentException when one is no multiple of 64 KiB or beyond 2^48, or the
   *     window is empty
   */
  public VirtualWindow {
    if ((bottom | top) % ALIGNMENT != 0 || bottom < 0 || bottom >= top || top > LAST_TOP) {
      throw new IllegalArgumentException(
          "window must not be empty and end on multiples of 64 KiB below 2^48: bottom="
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
    return lengthBytes >= 0 && start >= bottom && start <= top && lengthBytes <= top - start;
  }

  /**
   * Returns the bounds in hex.
   *
   * @return for example {@code 0x20000000-0x1000000000}
   */
  @Override
  public String toString() {
    return hex(bottom) + "-" + hex(top);
  }

  static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }
}

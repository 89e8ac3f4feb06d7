// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.paging;

/** Sizes of pages and blocks that a processor can map with one entry. */
public enum PageSize {
  /** The page of x86 in every mode, and of arm64's 4 KiB granule. */
  FOUR_KIB(12, "4 KiB"),
  /** The page of arm64's 16 KiB granule. */
  SIXTEEN_KIB(14, "16 KiB"),
  /** The page of arm64's 64 KiB granule. */
  SIXTY_FOUR_KIB(16, "64 KiB"),
  /** A page-directory entry of 8 bytes on x86; the level 2 block of arm64's 4 KiB granule. */
  TWO_MIB(21, "2 MiB"),
  /** A page-directory entry of 4 bytes on x86. */
  FOUR_MIB(22, "4 MiB"),
  /** The level 2 block of arm64's 16 KiB granule. */
  THIRTY_TWO_MIB(25, "32 MiB"),
  /** The level 2 block of arm64's 64 KiB granule. */
  FIVE_HUNDRED_TWELVE_MIB(29, "512 MiB"),
  /** A page-directory-pointer-table entry on x86; the level 1 block of arm64's 4 KiB granule. */
  ONE_GIB(30, "1 GiB"),
  /** The level 1 block of arm64's 16 KiB granule, with output addresses of 52 bits. */
  SIXTY_FOUR_GIB(36, "64 GiB"),
  /** The level 0 block of arm64's 4 KiB granule, with output addresses of 52 bits. */
  FIVE_HUNDRED_TWELVE_GIB(39, "512 GiB"),
  /** The level 1 block of arm64's 64 KiB granule, with output addresses of 52 bits. */
  FOUR_TIB(42, "4 TiB");

  private final int shift;
  private final String label;

  PageSize(int shift, String label) {
    this.shift = shift;
    this.label = label;
  }

  /**
   * How many bytes a page has.
   *
   * @return the size, a power of 2
   */
  public long bytes() {
    return 1L << shift;
  }

  @Override
  public String toString() {
    return label;
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

import io.efirts.api.paging.PageSize;

/**
 * The translation granule: the size of the smallest page, and of every table (Arm ARM, section
 * D8.2).
 */
public enum Granule {
  /** Pages of 4 KiB, blocks of 2 MiB, 1 GiB and 512 GiB, tables of 512 entries. */
  FOUR_KIB(
      12, PageSize.FOUR_KIB, PageSize.TWO_MIB, PageSize.ONE_GIB, PageSize.FIVE_HUNDRED_TWELVE_GIB),
  /** Pages of 16 KiB, blocks of 32 MiB and 64 GiB, tables of 2048 entries. */
  SIXTEEN_KIB(14, PageSize.SIXTEEN_KIB, PageSize.THIRTY_TWO_MIB, PageSize.SIXTY_FOUR_GIB),
  /** Pages of 64 KiB, blocks of 512 MiB and 4 TiB, tables of 8192 entries. */
  SIXTY_FOUR_KIB(16, PageSize.SIXTY_FOUR_KIB, PageSize.FIVE_HUNDRED_TWELVE_MIB, PageSize.FOUR_TIB);

  private static final int ENTRY_SHIFT = 3;

  private final int shift;

  /** From the page up; the last only where output addresses have 52 bits (tables D8-17, 27, 36). */
  private final PageSize[] pageSizes;

  Granule(int shift, PageSize... pageSizes) {
    this.shift = shift;
    this.pageSizes = pageSizes;
  }

  /**
   * How many bytes a page and a table have.
   *
   * @return 4096, 16384 or 65536
   */
  public int bytes() {
    return 1 << shift;
  }

  /** How many bits of an address are an offset into a page. */
  int shift() {
    return shift;
  }

  /** How many bits of an address one table translates. */
  int indexBits() {
    return shift - ENTRY_SHIFT;
  }

  /**
   * The size of a page, and of a frame that holds a table.
   *
   * @return 4, 16 or 64 KiB
   */
  public PageSize page() {
    return pageSizes[0];
  }

  /** The sizes of pages and blocks: how many there are with output addresses of some width. */
  int pageSizes(int outputBits) {
    return outputBits == PagingMode.MOST_BITS ? pageSizes.length : pageSizes.length - 1;
  }

  /** A size of pages and blocks: 0 for the page, then upwards. */
  PageSize pageSize(int index) {
    return pageSizes[index];
  }

  /**
   * How many entries of a level a processor may cache as one (Arm ARM, table D8-104); 1 if the hint
   * is reserved, as in the largest blocks where output addresses have 52 bits, or the level has no
   * blocks.
   */
  int contiguousEntries(int level) {
    return switch (this) {
      case FOUR_KIB -> level >= 1 ? 16 : 1;
      case SIXTEEN_KIB -> level == PagingMode.PAGE_LEVEL ? 128 : level == 2 ? 32 : 1;
      case SIXTY_FOUR_KIB -> level >= 2 ? 32 : 1;
    };
  }

  @Override
  public String toString() {
    return page().toString();
  }
}

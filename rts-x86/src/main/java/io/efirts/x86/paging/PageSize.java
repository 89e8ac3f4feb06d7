// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.paging;

/** Sizes of pages that x86 can map with one entry. */
public enum PageSize {
  /** The page of every mode, mapped by a page-table entry. */
  FOUR_KIB(12, "4 KiB"),
  /** Mapped by a page-directory entry of 8 bytes. */
  TWO_MIB(21, "2 MiB"),
  /** Mapped by a page-directory entry of 4 bytes. */
  FOUR_MIB(22, "4 MiB"),
  /** Mapped by a page-directory-pointer-table entry. */
  ONE_GIB(30, "1 GiB");

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

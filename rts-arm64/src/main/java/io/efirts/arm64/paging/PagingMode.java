// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

import io.efirts.api.paging.PageSize;
import java.util.Objects;

/**
 * How a processor walks from TTBR0_EL1 to a page: VMSAv8-64, stage 1, addresses from 0 up (Arm ARM,
 * section D8.2).
 *
 * <p>Levels are the architecture's lookup levels: level 3 is that of pages, a level above has a
 * smaller number, and the walk starts at {@link #rootLevel()}. Which that is, and how many entries
 * the root has, follows from granule and address size.
 *
 * @param granule TCR_EL1.TG0
 * @param virtualBits address size, 36 to 48: 64 minus TCR_EL1.T0SZ
 */
public record PagingMode(Granule granule, int virtualBits) {
  /** The lookup level whose entries map pages. */
  public static final int PAGE_LEVEL = 3;

  /** Output addresses have 48 bits; wider ones need FEAT_LPA or FEAT_LPA2. */
  static final int PHYSICAL_BITS = 48;

  private static final int LEAST_VIRTUAL_BITS = 36;
  private static final int MOST_VIRTUAL_BITS = 48;

  /**
   * Checks the address size.
   *
   * @throws IllegalArgumentException if it is not 36 to 48 bits
   */
  public PagingMode {
    Objects.requireNonNull(granule, "granule");
    if (virtualBits < LEAST_VIRTUAL_BITS || virtualBits > MOST_VIRTUAL_BITS) {
      throw new IllegalArgumentException(
          "virtual address width must be 36 to 48 bits: bits=" + virtualBits);
    }
  }

  /**
   * The lookup level at which a walk starts.
   *
   * @return 0 to 2
   */
  public int rootLevel() {
    int tables = Math.ceilDiv(virtualBits - granule.shift(), granule.indexBits());
    return PAGE_LEVEL + 1 - tables;
  }

  /**
   * How many entries of a table are used.
   *
   * @param level {@link #rootLevel()} to 3
   * @return a power of 2: all that a granule holds, or fewer in the root
   */
  public int entries(int level) {
    return level == rootLevel() ? 1 << virtualBits - shift(level) : 1 << granule.indexBits();
  }

  /**
   * The size of the page or block that an entry of a level can map.
   *
   * @param level {@link #largestPageLevel()} to 3
   * @return the size
   */
  public PageSize pageSize(int level) {
    return granule.pageSize(PAGE_LEVEL - level);
  }

  /**
   * The level whose entries map the largest blocks.
   *
   * @return 1 with the 4 KiB granule, 2 with the others
   */
  public int largestPageLevel() {
    return PAGE_LEVEL + 1 - granule.pageSizes();
  }

  /**
   * Whether an address can be translated at all: whether it is below 2^{@link #virtualBits}. No
   * address that TTBR1_EL1 translates is.
   *
   * @param virtualAddress the address
   * @return false if a processor would not even look into the tables
   */
  public boolean isCanonical(long virtualAddress) {
    return virtualAddress >>> virtualBits == 0;
  }

  /**
   * How far memory can be mapped at its physical address.
   *
   * @return first physical address that is not also a virtual one: a multiple of every granule
   */
  public long identityEnd() {
    return 1L << virtualBits;
  }

  /**
   * Which entry of a table translates an address.
   *
   * @param level {@link #rootLevel()} to 3
   * @param virtualAddress the address
   * @return index into the table
   */
  public int index(int level, long virtualAddress) {
    return (int) (virtualAddress >>> shift(level)) & (1 << granule.indexBits()) - 1;
  }

  /**
   * How much one entry of a level translates.
   *
   * @param level {@link #rootLevel()} to 3
   * @return bytes, a power of 2
   */
  public long span(int level) {
    return 1L << shift(level);
  }

  /**
   * What an entry of a level is called.
   *
   * @param level {@link #rootLevel()} to 3
   * @return L0, L1, L2 or L3
   */
  public String entryName(int level) {
    return "L" + level;
  }

  /** The last address of a range that the same entry translates as its first. */
  long endOfEntry(int level, long first, long last) {
    return Math.min(last, first | span(level) - 1);
  }

  /** Whether a range is all that an entry translates. */
  boolean isWhole(int level, long first, long last) {
    return last - first == span(level) - 1;
  }

  private int shift(int level) {
    return granule.shift() + (PAGE_LEVEL - level) * granule.indexBits();
  }

  /**
   * Granule and address size in words.
   *
   * @return for example {@code 4 KiB granule, 48 bits}
   */
  @Override
  public String toString() {
    return granule + " granule, " + virtualBits + " bits";
  }
}

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
 * <p>Addresses of more than 48 bits take another form of entries, which also has larger blocks.
 * With the granules of 4 and 16 KiB that is FEAT_LPA2, switched on by TCR_EL1.DS, and virtual
 * addresses of more than 48 bits need it. With the granule of 64 KiB it is FEAT_LPA for output
 * addresses and FEAT_LVA for virtual ones, each of its own, and switched on by nothing.
 *
 * @param granule TCR_EL1.TG0
 * @param virtualBits address size, 36 to 52: 64 minus TCR_EL1.T0SZ
 * @param outputBits how wide the addresses are that entries can hold: 48, or 52 with FEAT_LPA2 or
 *     FEAT_LPA. A processor may put out fewer ({@link PageTablesBuilder#physicalBits})
 */
public record PagingMode(Granule granule, int virtualBits, int outputBits) {
  /** The lookup level whose entries map pages. */
  public static final int PAGE_LEVEL = 3;

  /** The widest addresses without FEAT_LVA, FEAT_LPA and FEAT_LPA2. */
  static final int PLAIN_BITS = 48;

  /** The widest addresses with them. */
  static final int MOST_BITS = 52;

  private static final int LEAST_VIRTUAL_BITS = 36;

  /** Where TTBR0_EL1 has bits 51:48 of the root's address. */
  private static final int ROOT_HIGH_SHIFT = 2;

  /**
   * Checks the address sizes.
   *
   * @throws IllegalArgumentException if virtual addresses do not have 36 to 52 bits or output
   *     addresses not 48 or 52, or entries of the granule cannot hold both
   */
  public PagingMode {
    Objects.requireNonNull(granule, "granule");
    if (virtualBits < LEAST_VIRTUAL_BITS || virtualBits > MOST_BITS) {
      throw new IllegalArgumentException(
          "virtual address width must be 36 to 52 bits: bits=" + virtualBits);
    }
    if (outputBits != PLAIN_BITS && outputBits != MOST_BITS) {
      throw new IllegalArgumentException(
          "output address width must be 48 or 52 bits: bits=" + outputBits);
    }
    if (virtualBits > PLAIN_BITS && outputBits == PLAIN_BITS && granule != Granule.SIXTY_FOUR_KIB) {
      throw new IllegalArgumentException(
          "output address width must be 52 bits for virtual addresses of more than 48 (TCR_EL1.DS):"
              + " granule="
              + granule
              + ", virtualBits="
              + virtualBits);
    }
  }

  /**
   * The usual mode of an address size: output addresses have 52 bits if virtual ones have more than
   * 48, and 48 otherwise.
   *
   * @param granule TCR_EL1.TG0
   * @param virtualBits address size, 36 to 52: 64 minus TCR_EL1.T0SZ
   * @throws IllegalArgumentException if it is not 36 to 52 bits
   */
  public PagingMode(Granule granule, int virtualBits) {
    this(granule, virtualBits, virtualBits > PLAIN_BITS ? MOST_BITS : PLAIN_BITS);
  }

  /**
   * Whether TCR_EL1.DS must be set: whether entries have FEAT_LPA2's form, in which addresses take
   * the place of shareability. The granule of 64 KiB has no such form.
   *
   * @return true for granules of 4 and 16 KiB with output addresses of 52 bits
   */
  public boolean isLpa2() {
    return outputBits == MOST_BITS && granule != Granule.SIXTY_FOUR_KIB;
  }

  /**
   * The lookup level at which a walk starts.
   *
   * @return -1 to 2
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
   * @return 1 with the 4 KiB granule and 2 with the others; one less with output addresses of 52
   *     bits, if the walk does not start below
   */
  public int largestPageLevel() {
    return Math.max(rootLevel(), PAGE_LEVEL + 1 - granule.pageSizes(outputBits));
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
   * @return L-1, L0, L1, L2 or L3
   */
  public String entryName(int level) {
    return "L" + level;
  }

  /**
   * TTBR0_EL1: the ASID in bits 63:48, the root's address in place, but for its bits 51:48, which
   * are bits 5:2 (Arm ARM: TTBR0_EL1.BADDR). A root is a whole frame, so nothing else is there.
   */
  static long rootWord(int asid, long root) {
    long high = root >>> PLAIN_BITS;
    return (long) asid << PLAIN_BITS | root & (1L << PLAIN_BITS) - 1 | high << ROOT_HIGH_SHIFT;
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
   * Granule and address sizes in words.
   *
   * @return for example {@code 4 KiB granule, 48 bits}, or with other than 48 bits of output {@code
   *     4 KiB granule, 52 bits, output 52 bits}
   */
  @Override
  public String toString() {
    String sizes = granule + " granule, " + virtualBits + " bits";
    return outputBits == PLAIN_BITS ? sizes : sizes + ", output " + outputBits + " bits";
  }
}

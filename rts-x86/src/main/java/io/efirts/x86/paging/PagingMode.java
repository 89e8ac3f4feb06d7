// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.paging;

import io.efirts.api.paging.PageSize;

/**
 * How a processor walks from CR3 to a page (SDM volume 3A, sections 4.3 to 4.5).
 *
 * <p>Levels are counted from the page: level 1 is the page table, whose entries map 4 KiB; the root
 * has level {@link #levels()}.
 */
public enum PagingMode {
  /**
   * 32-bit paging with CR4.PSE and without PSE-36: two levels of 4-byte entries, 4 KiB and 4 MiB
   * pages, physical addresses below 4 GiB. An entry has no bit that forbids execution.
   */
  LEGACY_32(2, 4, 10, 1024, 32, 32, PageSize.FOUR_KIB, PageSize.FOUR_MIB),
  /** PAE paging: a root of four entries, which the processor reads only when CR3 is loaded. */
  PAE(3, 8, 9, 4, 32, 52, PageSize.FOUR_KIB, PageSize.TWO_MIB),
  /** 4-level paging. */
  FOUR_LEVEL(4, 8, 9, 512, 48, 52, PageSize.FOUR_KIB, PageSize.TWO_MIB, PageSize.ONE_GIB),
  /** 5-level paging (CR4.LA57). */
  FIVE_LEVEL(5, 8, 9, 512, 57, 52, PageSize.FOUR_KIB, PageSize.TWO_MIB, PageSize.ONE_GIB);

  private static final int PAGE_SHIFT = 12;
  private static final String[] ENTRY_NAMES = {"PTE", "PDE", "PDPTE", "PML4E", "PML5E"};

  private final int levels;
  private final int entryBytes;
  private final int indexBits;
  private final int rootEntries;
  private final int virtualBits;
  private final int physicalBits;
  private final PageSize[] pageSizes;

  PagingMode(
      int levels,
      int entryBytes,
      int indexBits,
      int rootEntries,
      int virtualBits,
      int physicalBits,
      PageSize... pageSizes) {
    this.levels = levels;
    this.entryBytes = entryBytes;
    this.indexBits = indexBits;
    this.rootEntries = rootEntries;
    this.virtualBits = virtualBits;
    this.physicalBits = physicalBits;
    this.pageSizes = pageSizes;
  }

  /**
   * How many tables a walk to a 4 KiB page passes.
   *
   * @return 2 to 5; also the level of the root
   */
  public int levels() {
    return levels;
  }

  /**
   * The size of one entry.
   *
   * @return 4 or 8 bytes
   */
  public int entryBytes() {
    return entryBytes;
  }

  /**
   * How many entries a table has.
   *
   * @param level 1 to {@link #levels()}
   * @return 1024, 512, or 4 for the root of PAE paging
   */
  public int entries(int level) {
    return level == levels ? rootEntries : 1 << indexBits;
  }

  /**
   * The widest physical address that an entry can hold.
   *
   * @return 32 or 52 bits
   */
  public int physicalBits() {
    return physicalBits;
  }

  /**
   * The size of the page that an entry of a level can map.
   *
   * @param level 1 to {@link #largestPageLevel()}
   * @return the size
   */
  public PageSize pageSize(int level) {
    return pageSizes[level - 1];
  }

  /**
   * The highest level whose entries can map a page.
   *
   * @return 2 or 3
   */
  public int largestPageLevel() {
    return pageSizes.length;
  }

  /**
   * Whether an address can be translated at all: bits 63:47 or 63:56 equal each other, or bits
   * 63:32 are clear in the modes of 32 bits.
   *
   * @param virtualAddress the address
   * @return false if a processor would not even look into the tables
   */
  public boolean isCanonical(long virtualAddress) {
    int unused = Long.SIZE - virtualBits;
    return virtualBits == 32
        ? virtualAddress >>> 32 == 0
        : virtualAddress << unused >> unused == virtualAddress;
  }

  /**
   * How far memory can be mapped at its physical address.
   *
   * @return first physical address that is not also a virtual one of the lower half; of the whole
   *     address space in the modes of 32 bits, which have no halves
   */
  public long identityEnd() {
    long all = span(levels) * entries(levels);
    return isCanonical(all - 1) ? all : all / 2;
  }

  /**
   * Which entry of a table translates an address.
   *
   * @param level 1 to {@link #levels()}
   * @param virtualAddress the address
   * @return index into the table
   */
  public int index(int level, long virtualAddress) {
    return (int) (virtualAddress >>> shift(level)) & entries(level) - 1;
  }

  /**
   * How much one entry of a level translates.
   *
   * @param level 1 to {@link #levels()}
   * @return bytes, a power of 2
   */
  public long span(int level) {
    return 1L << shift(level);
  }

  /**
   * What the manual calls an entry of a level.
   *
   * @param level 1 to {@link #levels()}
   * @return PTE, PDE, PDPTE, PML4E or PML5E
   */
  public String entryName(int level) {
    return ENTRY_NAMES[level - 1];
  }

  /** The address that has these bits as far as the mode translates them. */
  long canonical(long address) {
    int unused = virtualBits == 32 ? 0 : Long.SIZE - virtualBits;
    return address << unused >> unused;
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
    return PAGE_SHIFT + (level - 1) * indexBits;
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.paging;

import io.efirts.api.memory.CacheType;
import java.util.Objects;

/**
 * What the eight entries of the page attribute table mean (SDM volume 3A, section 12.12). PAT, PCD
 * and PWT of an entry that maps a page are an index into it.
 *
 * <p>The MTRRs are not looked at: the type is what the tables say.
 *
 * @param msr the value of IA32_PAT (MSR 0x277) on every processor that uses the tables
 */
public record PatTypes(long msr) {
  /** IA32_PAT after reset: has neither write combining nor write protected. */
  public static final PatTypes RESET = new PatTypes(0x0007_0406_0007_0406L);

  /**
   * Has every type. Entries without the PAT bit mean what they mean after reset, so that tables
   * which know nothing of it keep their types.
   */
  public static final PatTypes ALL_TYPES = new PatTypes(0x0107_0506_0007_0406L);

  private static final int ENTRIES = 8;
  private static final int UNCACHED = 0;
  private static final int WRITE_COMBINING = 1;
  private static final int WRITE_THROUGH = 4;
  private static final int WRITE_PROTECTED = 5;
  private static final int WRITE_BACK = 6;

  /** UC-: an MTRR may turn it into write combining. */
  private static final int UNCACHED_MINUS = 7;

  /**
   * Checks the encodings.
   *
   * @throws IllegalArgumentException if an entry is not a memory type; a processor would refuse it
   */
  public PatTypes {
    for (int i = 0; i < ENTRIES; i++) {
      int encoding = encoding(msr, i);
      if (encoding == 2 || encoding == 3 || encoding > UNCACHED_MINUS) {
        throw new IllegalArgumentException(
            "page attribute table must hold memory types: msr=0x"
                + Long.toHexString(msr)
                + ", entry="
                + i);
      }
    }
  }

  /**
   * The memory type that an entry selects. Never allocates.
   *
   * @param entry an entry that maps a page
   * @param large whether it maps more than 4 KiB, which moves the PAT bit
   * @return the type; UNCACHED also for UC-
   */
  public CacheType cacheType(long entry, boolean large) {
    long pat = entry & (large ? EntryBits.PAT_LARGE : EntryBits.PAT);
    int index = (int) (entry & (EntryBits.PWT | EntryBits.PCD)) >>> 3 | (pat == 0 ? 0 : 4);
    return switch (encoding(msr, index)) {
      case WRITE_COMBINING -> CacheType.WRITE_COMBINING;
      case WRITE_THROUGH -> CacheType.WRITE_THROUGH;
      case WRITE_PROTECTED -> CacheType.WRITE_PROTECTED;
      case WRITE_BACK -> CacheType.WRITE_BACK;
      default -> CacheType.UNCACHED;
    };
  }

  /**
   * The bits that select a memory type: those of the first entry that holds it. Never allocates.
   *
   * @param type the memory type
   * @param large whether the entry maps more than 4 KiB
   * @return some of PWT, PCD and PAT
   * @throws IllegalArgumentException if no entry holds the type
   */
  public long bits(CacheType type, boolean large) {
    Objects.requireNonNull(type, "type");
    int wanted =
        switch (type) {
          case UNCACHED -> UNCACHED;
          case WRITE_COMBINING -> WRITE_COMBINING;
          case WRITE_THROUGH -> WRITE_THROUGH;
          case WRITE_PROTECTED -> WRITE_PROTECTED;
          case WRITE_BACK -> WRITE_BACK;
        };
    for (int i = 0; i < ENTRIES; i++) {
      if (encoding(msr, i) == wanted) {
        long pat = large ? EntryBits.PAT_LARGE : EntryBits.PAT;
        return (i & 3L) << 3 | (i < 4 ? 0 : pat);
      }
    }
    throw new IllegalArgumentException(
        "page attribute table must hold the memory type: type="
            + type
            + ", msr=0x"
            + Long.toHexString(msr));
  }

  private static int encoding(long msr, int index) {
    return (int) (msr >>> 8 * index) & 0xFF;
  }
}

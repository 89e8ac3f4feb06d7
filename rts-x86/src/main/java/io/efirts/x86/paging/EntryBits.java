// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.paging;

/**
 * Bits of a paging-structure entry (SDM volume 3A, section 4.5.5; AMD64 APM volume 2, section 5.4).
 * They have the same place in every mode; {@link #NX} needs an entry of 8 bytes.
 */
public final class EntryBits {
  /** P: the entry maps a page or leads to a table. Without it all other bits mean nothing. */
  public static final long P = 1L;

  /** R/W: stores are allowed, as far as every entry on the way allows them. */
  public static final long RW = 1L << 1;

  /** U/S: user-mode accesses are allowed. */
  public static final long US = 1L << 2;

  /** PWT: bit 0 of the index into the page attribute table. */
  public static final long PWT = 1L << 3;

  /** PCD: bit 1 of the index into the page attribute table. */
  public static final long PCD = 1L << 4;

  /** A: a processor has used the entry. */
  public static final long A = 1L << 5;

  /** D: a processor has stored into the page. */
  public static final long D = 1L << 6;

  /** PS, above level 1: the entry maps a page. */
  public static final long PS = 1L << 7;

  /** PAT at level 1: bit 2 of the index into the page attribute table. */
  public static final long PAT = 1L << 7;

  /** G: the translation survives a load of CR3. */
  public static final long G = 1L << 8;

  /**
   * One of the bits that processors ignore. In a table of {@link PageTables} it marks a copy of
   * somebody else's entry; an entry of this bit alone is the place of one.
   */
  public static final long SHARED = 1L << 9;

  /**
   * Another ignored bit. It marks an entry whose table {@link PageTables} keep although nothing is
   * in it.
   */
  public static final long PINNED = 1L << 10;

  /** PAT in an entry that maps a large page: bit 2 of the index. */
  public static final long PAT_LARGE = 1L << 12;

  /** NX (Intel: XD): instruction fetches are forbidden. */
  public static final long NX = 1L << 63;

  private EntryBits() {}

  /**
   * The names of the bits that are set, in ascending order.
   *
   * @param entry a raw entry
   * @param leaf whether it maps a page
   * @param level its level, which decides what bits 7 and 12 are
   * @return names with spaces between them; allocates
   */
  static String describe(long entry, boolean leaf, int level) {
    StringBuilder text = new StringBuilder();
    append(text, entry, P, "P");
    append(text, entry, RW, "RW");
    append(text, entry, US, "US");
    append(text, entry, PWT, "PWT");
    append(text, entry, PCD, "PCD");
    append(text, entry, A, "A");
    append(text, entry, leaf ? D : 0, "D");
    append(text, entry, PS, level == 1 ? "PAT" : "PS");
    append(text, entry, leaf ? G : 0, "G");
    append(text, entry, SHARED, "SHARED");
    append(text, entry, leaf ? 0 : PINNED, "PINNED");
    append(text, entry, leaf && level > 1 ? PAT_LARGE : 0, "PAT");
    append(text, entry, NX, "NX");
    return text.toString();
  }

  private static void append(StringBuilder text, long entry, long bit, String name) {
    if ((entry & bit) != 0) {
      text.append(text.isEmpty() ? "" : " ").append(name);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

/**
 * Bits of a translation table descriptor (Arm ARM, section D8.3: VMSAv8-64 descriptor formats, EL1
 * and EL0 regime). They have the same place with every granule; where addresses have 52 bits, some
 * bits are part of the address ({@link #SH}).
 */
public final class EntryBits {
  /** The entry maps something or leads to a table. Without it all other bits mean nothing. */
  public static final long VALID = 1L;

  /**
   * The entry leads to a table; at level 3, that it maps a page. Clear in an entry that maps a
   * block, and then, at level 3, as good as not valid.
   */
  public static final long TABLE = 1L << 1;

  /** AttrIndx, bits 4:2: which attribute of MAIR_EL1 is the memory type. */
  public static final long ATTR_INDEX = 7L << 2;

  /** NS: of Secure state only. */
  public static final long NS = 1L << 5;

  /** AP[1]: EL0 has access too. */
  public static final long AP_EL0 = 1L << 6;

  /** AP[2]: stores are forbidden. */
  public static final long AP_READ_ONLY = 1L << 7;

  /**
   * SH, bits 9:8: both set for inner shareable. With FEAT_LPA2 they are bits 51:50 of the address,
   * and TCR_EL1.SH0 says how memory is shared.
   */
  public static final long SH = 3L << 8;

  /** AF: without it an access faults, where the processor does not set it by itself. */
  public static final long AF = 1L << 10;

  /** nG: the translation belongs to one ASID. */
  public static final long NG = 1L << 11;

  /** GP: indirect branches into the page must land on a BTI instruction. */
  public static final long GP = 1L << 50;

  /** DBM: a store may clear AP[2], where TCR_EL1.HD is set. */
  public static final long DBM = 1L << 51;

  /** Contiguous: one of a run of like entries. */
  public static final long CONTIGUOUS = 1L << 52;

  /** PXN: EL1 may not execute. */
  public static final long PXN = 1L << 53;

  /** UXN: EL0 may not execute. */
  public static final long UXN = 1L << 54;

  /** PXNTable, in an entry that leads to a table: nothing below is executable at EL1. */
  public static final long PXN_TABLE = 1L << 59;

  /** UXNTable: nothing below is executable at EL0. */
  public static final long UXN_TABLE = 1L << 60;

  /** APTable[0]: nothing below is accessible to EL0. */
  public static final long AP_TABLE_NO_EL0 = 1L << 61;

  /** APTable[1]: nothing below can be stored to. */
  public static final long AP_TABLE_READ_ONLY = 1L << 62;

  /** NSTable: of Secure state only. */
  public static final long NS_TABLE = 1L << 63;

  /** How far AttrIndx is from bit 0. */
  static final int ATTR_INDEX_SHIFT = 2;

  private EntryBits() {}

  /**
   * The names of the bits that are set, in ascending order, with AttrIndx as a number.
   *
   * @param entry a raw entry
   * @param leaf whether it maps a page or block
   * @param lpa2 whether bits 9:8 are part of the address
   * @return names with spaces between them; allocates
   */
  static String describe(long entry, boolean leaf, boolean lpa2) {
    StringBuilder text = new StringBuilder("VALID");
    append(text, entry, TABLE, "TABLE");
    if (leaf) {
      text.append(" ATTR").append((entry & ATTR_INDEX) >>> ATTR_INDEX_SHIFT);
      append(text, entry, NS, "NS");
      append(text, entry, AP_EL0, "EL0");
      append(text, entry, AP_READ_ONLY, "RO");
      if (!lpa2) {
        text.append(" SH").append((entry & SH) >>> 8);
      }
      append(text, entry, AF, "AF");
      append(text, entry, NG, "nG");
      append(text, entry, GP, "GP");
      append(text, entry, DBM, "DBM");
      append(text, entry, CONTIGUOUS, "CONTIGUOUS");
      append(text, entry, PXN, "PXN");
      append(text, entry, UXN, "UXN");
    } else {
      append(text, entry, PXN_TABLE, "PXNTable");
      append(text, entry, UXN_TABLE, "UXNTable");
      append(text, entry, AP_TABLE_NO_EL0, "APTable0");
      append(text, entry, AP_TABLE_READ_ONLY, "APTable1");
      append(text, entry, NS_TABLE, "NSTable");
    }
    return text.toString();
  }

  private static void append(StringBuilder text, long entry, long bit, String name) {
    if ((entry & bit) != 0) {
      text.append(' ').append(name);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

import io.efirts.api.memory.MappingAttributes;

/**
 * The entries of one paging mode on one kind of processor: which bits are set in what is made, and
 * what a processor makes of what it reads (Arm ARM, section D8.3). Immutable.
 *
 * <p>Addresses lie in place, but for the topmost bits of those of 52 (section D8.3.1): with
 * FEAT_LPA, bits 51:48 are bits 15:12 of the entry; with FEAT_LPA2, bits 51:50 are bits 9:8.
 */
final class EntryFormat {
  private static final long ALL_ADDRESSES = (1L << PagingMode.MOST_BITS) - 1;

  private static final long LPA_HIGH = 0xFL << 12;
  private static final int LPA_SHIFT = 48 - 12;

  private static final long LPA2_HIGH = 3L << 8;
  private static final int LPA2_SHIFT = 50 - 8;

  /**
   * What may change in a valid entry that maps a page or block while processors use it (Arm ARM,
   * section D8.16.1): permissions, AF, and what only software reads (bits 58:55). Everything else
   * is output address, size, memory type, shareability or the ASID's share in it.
   */
  private static final long CHANGEABLE =
      EntryBits.AP_EL0
          | EntryBits.AP_READ_ONLY
          | EntryBits.AF
          | EntryBits.GP
          | EntryBits.DBM
          | EntryBits.PXN
          | EntryBits.UXN
          | 0xFL << 55;

  private final PagingMode mode;
  private final int largestPageLevel;
  private final MairTypes mairTypes;
  private final long nonGlobal;
  private final long guarded;
  private final long shareable;

  /** The address's bits that lie in place; the granule leaves the lowest unused. */
  private final long address;

  /** Those that do not, as they lie in an entry, and how far from their place; 0 without any. */
  private final long high;

  private final int highShift;

  /** Bits of an address that the processor cannot put out, as they lie in an entry. */
  private final long beyondOutput;

  private final long highPart;

  EntryFormat(
      PagingMode mode, int physicalBits, MairTypes mairTypes, boolean global, boolean guarded) {
    this.mode = mode;
    this.largestPageLevel = mode.largestPageLevel();
    this.mairTypes = mairTypes;
    this.nonGlobal = global ? 0 : EntryBits.NG;
    this.guarded = guarded ? EntryBits.GP : 0;
    // With FEAT_LPA2 that is for TCR_EL1.SH0 to say.
    this.shareable = mode.isLpa2() ? 0 : EntryBits.SH;
    boolean wide = mode.outputBits() == PagingMode.MOST_BITS;
    long lpa = wide && !mode.isLpa2() ? LPA_HIGH : 0;
    this.high = mode.isLpa2() ? LPA2_HIGH : lpa;
    this.highShift = mode.isLpa2() ? LPA2_SHIFT : LPA_SHIFT;
    long inPlace = (1L << mode.outputBits()) - 1 & ~(high << highShift);
    this.address = inPlace & -mode.granule().bytes();
    this.beyondOutput = addressBits(ALL_ADDRESSES & -(1L << physicalBits));
    this.highPart = high | beyondOutput;
  }

  MairTypes mairTypes() {
    return mairTypes;
  }

  boolean isGlobal() {
    return nonGlobal == 0;
  }

  /** Whether a processor takes the entry for one; a block at a level without blocks is none. */
  boolean isValid(int level, long entry) {
    long type = entry & (EntryBits.VALID | EntryBits.TABLE);
    return type == (EntryBits.VALID | EntryBits.TABLE)
        || type == EntryBits.VALID && level >= largestPageLevel && level < PagingMode.PAGE_LEVEL;
  }

  /** Whether a valid entry maps a page or block. */
  boolean isLeaf(int level, long entry) {
    return level == PagingMode.PAGE_LEVEL || (entry & EntryBits.TABLE) == 0;
  }

  /** Whether a valid entry leads to an address that the processor cannot put out. */
  boolean exceedsOutput(long entry) {
    return (entry & beyondOutput) != 0;
  }

  /** An address as it lies in an entry. */
  long addressBits(long physical) {
    return physical & address | physical >>> highShift & high;
  }

  /** The address in an entry. */
  long address(long entry) {
    return entry & address | (entry & high) << highShift;
  }

  /**
   * Whether there is more to the address than {@link #lowPart}, or {@link #exceedsOutput}. False of
   * every address that is not beyond one of 48 bits: so that a walk pays for both with one test.
   */
  boolean hasHighPart(long entry) {
    return (entry & highPart) != 0;
  }

  /** The bits of the address that lie in place. */
  long lowPart(long entry) {
    return entry & address;
  }

  /** An entry that leads to a table and restricts nothing. */
  long table(long frame) {
    return addressBits(frame) | EntryBits.VALID | EntryBits.TABLE;
  }

  /** Where an entry that leads to a table leads. */
  long tableFrame(long entry) {
    return address(entry);
  }

  /** An entry that maps a page or block. */
  long leaf(int level, long physical, MappingAttributes attributes) {
    long type = level == PagingMode.PAGE_LEVEL ? EntryBits.TABLE : 0;
    return addressBits(physical) | type | leafBits(attributes);
  }

  /** The same page with other attributes; everything they say nothing about stays. */
  long withAttributes(long leaf, MappingAttributes attributes) {
    long replaced = EntryBits.ATTR_INDEX | EntryBits.AP_READ_ONLY | EntryBits.PXN | guarded;
    // Read-only with DBM would be writable again after the first store.
    long dirty = attributes.writable() ? 0 : EntryBits.DBM;
    return leaf & ~(replaced | dirty) | leafBits(attributes);
  }

  private long leafBits(MappingAttributes attributes) {
    return EntryBits.VALID
        | mairTypes.bits(attributes.cacheType())
        | (attributes.writable() ? 0 : EntryBits.AP_READ_ONLY)
        | shareable
        | EntryBits.AF
        | nonGlobal
        | (attributes.executable() ? guarded : EntryBits.PXN)
        | EntryBits.UXN;
  }

  /** Whether a valid entry in use must be invalid, and flushed, before it becomes another one. */
  static boolean needsBreak(long before, long after) {
    return ((before ^ after) & ~CHANGEABLE) != 0;
  }

  /** The first physical address of a page or block. */
  long physical(int level, long leaf) {
    return address(leaf) & -mode.span(level);
  }

  /**
   * The last address up to which one entry follows another by adding what each translates: then a
   * carry would leave the bits that lie in place.
   */
  static long endOfRun(long physical) {
    return physical | (1L << PagingMode.PLAIN_BITS) - 1;
  }

  /** The first of the entries of the next level that make up a block. */
  long narrow(int level, long block) {
    return level + 1 == PagingMode.PAGE_LEVEL ? block | EntryBits.TABLE : block;
  }

  /** The block of a level whose first part an entry of the next level maps. */
  long widen(int level, long leaf) {
    return level + 1 == PagingMode.PAGE_LEVEL ? leaf & ~EntryBits.TABLE : leaf;
  }

  /** Whether EL1 may store, given the bits of all entries on the way. */
  static boolean isWritable(long leaf, long tables) {
    return (leaf & EntryBits.AP_READ_ONLY) == 0 && (tables & EntryBits.AP_TABLE_READ_ONLY) == 0;
  }

  /** Whether EL1 may execute: never where EL0 may store. */
  static boolean isExecutable(long leaf, long tables) {
    boolean el0 = (leaf & EntryBits.AP_EL0) != 0 && (tables & EntryBits.AP_TABLE_NO_EL0) == 0;
    return (leaf & EntryBits.PXN) == 0
        && (tables & EntryBits.PXN_TABLE) == 0
        && !(el0 && isWritable(leaf, tables));
  }

  /** What a page allows, given the bits of all entries on the way. */
  MappingAttributes attributes(long leaf, long tables) {
    return new MappingAttributes(
        isWritable(leaf, tables), isExecutable(leaf, tables), mairTypes.cacheType(leaf));
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

import io.efirts.api.memory.MappingAttributes;

/**
 * The entries of one paging mode on one kind of processor: which bits are set in what is made, and
 * what a processor makes of what it reads (Arm ARM, section D8.3). Immutable.
 */
final class EntryFormat {
  /** Bits 47:12, of which the granule and the processor's output size leave some unused. */
  private static final long ADDRESS = 0x0000_FFFF_FFFF_F000L;

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
  private final long address;
  private final long beyondOutput;

  EntryFormat(
      PagingMode mode, int physicalBits, MairTypes mairTypes, boolean global, boolean guarded) {
    this.mode = mode;
    this.largestPageLevel = mode.largestPageLevel();
    this.mairTypes = mairTypes;
    this.nonGlobal = global ? 0 : EntryBits.NG;
    this.guarded = guarded ? EntryBits.GP : 0;
    this.address = ADDRESS & -mode.granule().bytes();
    this.beyondOutput = address & -(1L << physicalBits);
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

  /** An entry that leads to a table and restricts nothing. */
  long table(long frame) {
    return frame | EntryBits.VALID | EntryBits.TABLE;
  }

  /** Where an entry that leads to a table leads. */
  long tableFrame(long entry) {
    return entry & address;
  }

  /** An entry that maps a page or block. */
  long leaf(int level, long physical, MappingAttributes attributes) {
    long type = level == PagingMode.PAGE_LEVEL ? EntryBits.TABLE : 0;
    return physical | type | leafBits(attributes);
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
        | EntryBits.SH
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
    return leaf & address & -mode.span(level);
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

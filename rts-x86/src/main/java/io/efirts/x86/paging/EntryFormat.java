// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.paging;

import io.efirts.api.memory.MappingAttributes;

/**
 * The entries of one paging mode on one kind of processor: which bits are set in what is made, and
 * which must be clear in what is read (SDM volume 3A, sections 4.3 to 4.5). Immutable.
 */
final class EntryFormat {
  /** Bits 51:12, of which the processor's physical address width leaves some reserved. */
  private static final long ADDRESS = 0x000F_FFFF_FFFF_F000L;

  /** Ignored by 4-level and 5-level paging, reserved by PAE. */
  private static final long HIGH = 0x7FF0_0000_0000_0000L;

  /** A PDPTE of PAE paging has neither permissions nor A: bits 2:1 and 8:5 are reserved. */
  private static final long PAE_PDPTE = 0x1E6L;

  private final PagingMode mode;
  private final PatTypes patTypes;
  private final long noExecute;
  private final boolean accessed;
  private final long global;
  private final long address;

  /** By level; index 0 stays unused. */
  private final long[] reservedInTable;

  private final long[] reservedInLeaf;

  EntryFormat(
      PagingMode mode,
      int physicalBits,
      boolean executeDisable,
      PatTypes patTypes,
      boolean global,
      boolean accessed) {
    this.mode = mode;
    this.patTypes = patTypes;
    this.noExecute = executeDisable ? EntryBits.NX : 0;
    this.accessed = accessed;
    this.global = global ? EntryBits.G : 0;
    this.address = ADDRESS & (1L << physicalBits) - 1;
    this.reservedInTable = new long[mode.levels() + 1];
    this.reservedInLeaf = new long[mode.levels() + 1];
    for (int level = 1; level <= mode.levels(); level++) {
      long always = reservedAtAnyLevel();
      reservedInTable[level] = always | reservedInTable(level);
      reservedInLeaf[level] = always | mode.span(level) - 1 & ~0x1FFF;
    }
  }

  private long reservedAtAnyLevel() {
    if (mode == PagingMode.LEGACY_32) {
      return 0;
    }
    return ADDRESS & ~address | EntryBits.NX & ~noExecute | (mode == PagingMode.PAE ? HIGH : 0);
  }

  private long reservedInTable(int level) {
    if (isPaePdpte(level)) {
      return PAE_PDPTE | EntryBits.NX;
    }
    return level > mode.largestPageLevel() ? EntryBits.PS : 0;
  }

  private boolean isPaePdpte(int level) {
    return level == 3 && mode == PagingMode.PAE;
  }

  /** Whether execution can be forbidden at all. */
  boolean executeDisable() {
    return noExecute != 0;
  }

  static boolean isPresent(long entry) {
    return (entry & EntryBits.P) != 0;
  }

  static boolean isShared(long entry) {
    return (entry & EntryBits.SHARED) != 0;
  }

  /** Whether the table below stays even if nothing is in it. */
  static boolean isPinned(long entry) {
    return (entry & EntryBits.PINNED) != 0;
  }

  /** Whether a present entry maps a page. */
  boolean isLeaf(int level, long entry) {
    return level == 1 || (entry & EntryBits.PS) != 0 && level <= mode.largestPageLevel();
  }

  /** Which bits must be clear in a present entry; never allocates. */
  long reserved(int level, boolean leaf) {
    return leaf ? reservedInLeaf[level] : reservedInTable[level];
  }

  /** An entry with R/W set where the format has no such bit. */
  long withPermissions(int level, long entry) {
    return isPaePdpte(level) ? entry | EntryBits.RW : entry;
  }

  /** An entry that leads to a table and restricts nothing. */
  long table(int level, long frame) {
    if (isPaePdpte(level)) {
      return frame | EntryBits.P;
    }
    return frame | EntryBits.P | EntryBits.RW | (accessed ? EntryBits.A : 0);
  }

  /** Where an entry that maps no page leads. */
  long tableFrame(long entry) {
    return entry & address;
  }

  /** An entry that maps a page; without execute disable it is executable whatever is asked. */
  long leaf(int level, long physical, MappingAttributes attributes) {
    return physical | leafBits(level, attributes);
  }

  /** The same page with other attributes; everything they say nothing about stays. */
  long withAttributes(int level, long leaf, MappingAttributes attributes) {
    long replaced =
        EntryBits.RW
            | noExecute
            | EntryBits.PWT
            | EntryBits.PCD
            | (level == 1 ? EntryBits.PAT : EntryBits.PAT_LARGE);
    // Dirty and read-only together mean a shadow stack to a processor with CET.
    long dirty = attributes.writable() ? 0 : EntryBits.D;
    return leaf & ~(replaced | dirty) | leafBits(level, attributes);
  }

  private long leafBits(int level, MappingAttributes attributes) {
    return EntryBits.P
        | (attributes.writable() ? EntryBits.RW : 0)
        | (attributes.executable() ? 0 : noExecute)
        | patTypes.bits(attributes.cacheType(), level > 1)
        | (level > 1 ? EntryBits.PS : 0)
        | (accessed ? EntryBits.A : 0)
        | (accessed && attributes.writable() ? EntryBits.D : 0)
        | global;
  }

  /** The first physical address of a page. */
  long physical(int level, long leaf) {
    return leaf & address & -mode.span(level);
  }

  /** The first of the pages of the next lower level that make up a page. */
  long narrow(int level, long leaf) {
    if (level > 2) {
      return leaf;
    }
    long pat = (leaf & EntryBits.PAT_LARGE) == 0 ? 0 : EntryBits.PAT;
    return leaf & ~(EntryBits.PS | EntryBits.PAT_LARGE) | pat;
  }

  /** The page of a level whose first part a page of the next lower level is. */
  long widen(int level, long leaf) {
    if (level > 2) {
      return leaf;
    }
    long pat = (leaf & EntryBits.PAT) == 0 ? 0 : EntryBits.PAT_LARGE;
    return leaf & ~EntryBits.PAT | EntryBits.PS | pat;
  }

  /** What a page allows, given what all entries on the way allow together. */
  MappingAttributes attributes(int level, long leaf, long allowed, long denied) {
    return new MappingAttributes(
        (allowed & EntryBits.RW) != 0,
        (denied & EntryBits.NX) == 0,
        patTypes.cacheType(leaf, level > 1));
  }
}

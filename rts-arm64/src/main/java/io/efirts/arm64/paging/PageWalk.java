// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

import io.efirts.api.memory.Access;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.Translation;

/**
 * What a processor does at a TLB miss: reads one entry for each level, from the root to the page
 * (Arm ARM, sections D8.2 to D8.4). Sets neither AF nor AP[2].
 *
 * <p>The access is one of EL1, with PSTATE.PAN, SCTLR_EL1.WXN and TCR_EL1.TBI0, HPD0, HA and HD
 * clear.
 */
final class PageWalk {
  private final PagingMode mode;
  private final EntryFormat format;
  private final TableMemory memory;
  private final long root;
  private final int rootLevel;

  PageWalk(Tables tables) {
    this.mode = tables.mode();
    this.format = tables.format();
    this.memory = tables.memory();
    this.root = tables.root();
    this.rootLevel = mode.rootLevel();
  }

  long translate(long virtualAddress, Access access) {
    if (!mode.isCanonical(virtualAddress)) {
      return fault(FaultKind.NON_CANONICAL, Syndrome.TRANSLATION, 0, access);
    }
    return walk(rootLevel, root, 0, virtualAddress, access);
  }

  private long walk(
      int startLevel, long start, long startBits, long virtualAddress, Access access) {
    long table = start;
    long tableBits = startBits;
    for (int level = startLevel; ; level++) {
      int index = mode.index(level, virtualAddress);
      long entry = memory.load(table, index);
      if (!format.isValid(level, entry)) {
        return memory.holds(table, index)
            ? fault(FaultKind.NOT_MAPPED, Syndrome.TRANSLATION, level, access)
            : fault(FaultKind.NO_MEMORY, Syndrome.EXTERNAL_ABORT_ON_WALK, level, access);
      }
      if (format.hasHighPart(entry)) {
        return walkOn(level, entry, tableBits, virtualAddress, access);
      }
      if (format.isLeaf(level, entry)) {
        return leaf(level, entry, format.lowPart(entry), tableBits, virtualAddress, access);
      }
      tableBits |= entry;
      table = format.lowPart(entry);
    }
  }

  /** From an entry whose address is not just what lies in place. */
  private long walkOn(int level, long entry, long tableBits, long virtualAddress, Access access) {
    if (format.exceedsOutput(entry)) {
      return fault(FaultKind.NO_MEMORY, Syndrome.ADDRESS_SIZE, level, access);
    }
    long address = format.address(entry);
    return format.isLeaf(level, entry)
        ? leaf(level, entry, address, tableBits, virtualAddress, access)
        : walk(level + 1, address, tableBits | entry, virtualAddress, access);
  }

  private long leaf(
      int level, long leaf, long physical, long tableBits, long virtualAddress, Access access) {
    if ((leaf & EntryBits.AF) == 0) {
      return fault(FaultKind.PROTECTION, Syndrome.ACCESS_FLAG, level, access);
    }
    boolean permitted =
        switch (access) {
          case READ -> true;
          case WRITE -> EntryFormat.isWritable(leaf, tableBits);
          case EXECUTE -> EntryFormat.isExecutable(leaf, tableBits);
        };
    return permitted
        ? physical & -mode.span(level) | virtualAddress & mode.span(level) - 1
        : fault(FaultKind.PROTECTION, Syndrome.PERMISSION, level, access);
  }

  private static long fault(FaultKind kind, int status, int level, Access access) {
    return Translation.fault(kind, Syndrome.abort(access, status, level));
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.paging;

import io.efirts.api.memory.Access;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.Translation;

/**
 * What a processor does at a TLB miss: reads one entry for each level, from the root to the page
 * (SDM volume 3A, sections 4.3 to 4.7). Sets neither A nor D.
 *
 * <p>The access is a supervisor's, with CR0.WP set and CR4.SMEP and CR4.SMAP clear, so that U/S
 * decides nothing.
 */
final class PageWalk {
  private static final long NON_CANONICAL = Translation.fault(FaultKind.NON_CANONICAL);
  private static final long NO_MEMORY = Translation.fault(FaultKind.NO_MEMORY);

  private final PagingMode mode;
  private final EntryFormat format;
  private final TableMemory memory;
  private final long root;

  /** Null where a walk is never plain. */
  private final PlainWalk plain;

  PageWalk(Tables tables) {
    this.mode = tables.mode();
    this.format = tables.format();
    this.memory = tables.memory();
    this.root = tables.root();
    this.plain = PlainWalk.suits(mode) ? new PlainWalk(tables) : null;
  }

  long translate(long virtualAddress, Access access) {
    long found = plain == null ? PlainWalk.NOT_PLAIN : plain.translate(virtualAddress, access);
    return found == PlainWalk.NOT_PLAIN ? walk(virtualAddress, access) : found;
  }

  private long walk(long virtualAddress, Access access) {
    if (!mode.isCanonical(virtualAddress)) {
      return NON_CANONICAL;
    }
    long table = root;
    long allowed = -1;
    long denied = 0;
    for (int level = mode.levels(); ; level--) {
      long entry = memory.load(table, mode.index(level, virtualAddress));
      if (!EntryFormat.isPresent(entry)) {
        return memory.holds(table) ? fault(FaultKind.NOT_MAPPED, 0, access) : NO_MEMORY;
      }
      boolean leaf = format.isLeaf(level, entry);
      if ((entry & format.reserved(level, leaf)) != 0) {
        return fault(FaultKind.PROTECTION, PageFault.P | PageFault.RSVD, access);
      }
      allowed &= format.withPermissions(level, entry);
      denied |= entry;
      if (leaf) {
        boolean permitted =
            switch (access) {
              case READ -> true;
              case WRITE -> (allowed & EntryBits.RW) != 0;
              case EXECUTE -> (denied & EntryBits.NX) == 0;
            };
        return permitted
            ? format.physical(level, entry) | virtualAddress & mode.span(level) - 1
            : fault(FaultKind.PROTECTION, PageFault.P, access);
      }
      table = format.tableFrame(entry);
    }
  }

  private long fault(FaultKind kind, int cause, Access access) {
    return Translation.fault(kind, PageFault.errorCode(cause, access, format.executeDisable()));
  }
}

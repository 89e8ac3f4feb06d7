// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.space;

import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.x86.paging.MirroredEntries;
import io.efirts.x86.paging.PageTables;
import io.efirts.x86.paging.PagingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The page tables of the host, of which firmware's tables have the upper part, as Linux shares it:
 * the host's code, data and stacks must be reachable while firmware is called, for its interrupts.
 *
 * <p>In 64-bit mode these are the root's entries 273 to 510, and all below entry 511 but the 64 GiB
 * that end 4 GiB below the top, {@link io.efirts.x86.plan.VirtualAddressPlanner#LINUX_WINDOW}:
 * those are firmware's own. In the modes of 32 bits nothing is shared.
 *
 * @param mode the mode of the host and of firmware's tables
 * @param root physical address of the host's root, the same as long as firmware can be called; a
 *     table in guest memory
 */
public record HostTables(PagingMode mode, PhysicalAddress root) {
  private static final int ENTRIES = 512;
  private static final int FIRST_SHARED = 273;
  private static final int LAST = ENTRIES - 1;

  /** Of the topmost table whose entries map 1 GiB each: the slots that are firmware's. */
  private static final int WINDOW_START = ENTRIES - 68;

  private static final int WINDOW_END = ENTRIES - 4;

  /** Level of that table. */
  private static final int GIB_LEVEL = 3;

  /** Checks that both are given. */
  public HostTables {
    Objects.requireNonNull(mode, "mode");
    Objects.requireNonNull(root, "root");
  }

  /**
   * Reserves the places of the host's entries. Nothing is copied yet.
   *
   * @throws IllegalArgumentException if the modes differ or the root is no table
   */
  List<MirroredEntries> shareWith(PageTables tables) {
    if (tables.mode() != mode) {
      throw new IllegalArgumentException(
          "paging mode must be the host's: mode=" + tables.mode() + ", host=" + mode);
    }
    List<MirroredEntries> shared = new ArrayList<>();
    if (mode.levels() > GIB_LEVEL) {
      int root = mode.levels();
      shared.add(share(tables, root, FIRST_SHARED, LAST));
      for (int level = root - 1; level > GIB_LEVEL; level--) {
        shared.add(share(tables, level, 0, LAST));
      }
      shared.add(share(tables, GIB_LEVEL, 0, WINDOW_START));
      shared.add(share(tables, GIB_LEVEL, WINDOW_END, ENTRIES));
    }
    return shared;
  }

  /** Entries of the last table of a level. */
  private MirroredEntries share(PageTables tables, int level, int firstIndex, int endIndex) {
    long first = (long) (firstIndex - ENTRIES) * mode.span(level);
    return tables.mirrorEntries(root, level, new VirtualAddress(first), endIndex - firstIndex);
  }
}

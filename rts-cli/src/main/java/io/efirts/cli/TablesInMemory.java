// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.paging.OutOfFramesException;
import java.lang.foreign.Arena;

/** Makes EFI's page tables in memory that holds nothing else and is then given back. */
final class TablesInMemory {
  /** The most that tables may take; more than any real machine's, and what most computers have. */
  static final long MAXIMUM_BYTES = 1L << 30;

  private static final long FIRST_BYTES = 1 << 20;
  private static final int GROWTH = 8;

  /** Where the tables seem to lie. The map's memory is not there, whatever the map says. */
  private static final PhysicalAddress BASE = new PhysicalAddress(0x10_0000);

  private TablesInMemory() {}

  /**
   * Makes tables. How many it takes is found out by trying, in ever more memory.
   *
   * @param format what makes them
   * @param input what they are made from
   * @param maximumBytes the most that they may take, at least 1 MiB
   * @return what there is to see of them
   * @throws IllegalArgumentException when a region cannot be mapped
   * @throws CliException when the tables take more
   */
  static ShownTables make(TableFormat format, TableInput input, long maximumBytes) {
    for (long bytes = FIRST_BYTES; ; bytes = Math.min(bytes * GROWTH, maximumBytes)) {
      try (Arena arena = Arena.ofShared()) {
        return format.make(
            input, new MemoryRegion(BASE, arena.allocate(bytes, AddressSpace.PAGE_BYTES)));
      } catch (OutOfFramesException e) {
        if (bytes == maximumBytes) {
          throw new CliException(
              "the tables must take at most " + (maximumBytes >> 20) + " MiB of memory", e);
        }
      }
    }
  }
}

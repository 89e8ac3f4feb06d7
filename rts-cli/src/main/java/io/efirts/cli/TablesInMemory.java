// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.map.MemoryMap;
import io.efirts.api.map.RuntimePermissions;
import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.x86.paging.FrameBitmap;
import io.efirts.x86.paging.OutOfFramesException;
import io.efirts.x86.paging.PageTables;
import io.efirts.x86.paging.PagingMode;
import io.efirts.x86.plan.VirtualMap;
import io.efirts.x86.space.EfiAddressSpace;
import java.lang.foreign.Arena;
import java.util.List;

/** EFI's page tables in memory that holds nothing else and is given back by {@link #close}. */
final class TablesInMemory implements AutoCloseable {
  /** The most that tables may take; more than any real machine's, and what most computers have. */
  static final long MAXIMUM_BYTES = 1L << 30;

  private static final long FIRST_BYTES = 1 << 20;
  private static final int GROWTH = 8;

  /** Where the tables seem to lie. The map's memory is not there, whatever the map says. */
  private static final PhysicalAddress BASE = new PhysicalAddress(0x10_0000);

  private final Arena arena;
  private final GuestMemory memory;
  private final int frames;
  private final FrameBitmap free;
  private EfiAddressSpace space;

  private TablesInMemory(long bytes) {
    arena = Arena.ofShared();
    MemoryRegion region = new MemoryRegion(BASE, arena.allocate(bytes, AddressSpace.PAGE_BYTES));
    free = FrameBitmap.of(region);
    frames = free.freeFrames();
    memory = GuestMemory.of(List.of(region));
  }

  /**
   * What the tables are made from.
   *
   * @param mode how many levels they have
   * @param map firmware's memory map
   * @param plan the regions to map
   * @param permissions what the memory attributes table takes away once SetVirtualAddressMap has
   *     returned; null for tables as they are before
   */
  record Content(PagingMode mode, MemoryMap map, VirtualMap plan, RuntimePermissions permissions) {}

  /**
   * Makes tables. How many it takes is found out by trying, in ever more memory.
   *
   * @param content what they are made from
   * @param maximumBytes the most that they may take, at least 1 MiB
   * @return the tables, to be closed
   * @throws IllegalArgumentException when the mode cannot map a region
   * @throws CliException when the tables take more
   */
  static TablesInMemory make(Content content, long maximumBytes) {
    for (long bytes = FIRST_BYTES; ; bytes = Math.min(bytes * GROWTH, maximumBytes)) {
      TablesInMemory tables = new TablesInMemory(bytes);
      boolean complete = false;
      try {
        tables.fill(content);
        complete = true;
        return tables;
      } catch (OutOfFramesException e) {
        if (bytes == maximumBytes) {
          throw new CliException(
              "the tables must take at most " + (maximumBytes >> 20) + " MiB of memory", e);
        }
      } finally {
        if (!complete) {
          tables.close();
        }
      }
    }
  }

  private void fill(Content content) {
    space =
        EfiAddressSpace.builder(PageTables.builder(content.mode(), memory, free), content.plan())
            .memoryMap(content.map())
            .build();
    if (content.permissions() != null) {
      space.virtualAddressMapSet(content.permissions()).flush();
    }
  }

  EfiAddressSpace space() {
    return space;
  }

  /** How many tables there are, the root included. */
  int count() {
    return frames - free.freeFrames();
  }

  @Override
  public void close() {
    arena.close();
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.space;

import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.paging.FrameAllocator;
import io.efirts.api.paging.FrameBitmap;
import io.efirts.api.paging.PageSize;
import io.efirts.x86.paging.PageTables;
import io.efirts.x86.paging.PageTablesBuilder;
import io.efirts.x86.paging.PagingMode;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Memory for tables that holds garbage at first, from 1 MiB on, and its frames, as many as told.
 */
final class TableMachine implements FrameAllocator {
  static final long BASE = 0x10_0000;

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  final MemorySegment bytes;
  private final GuestMemory memory;
  private final FrameBitmap frames;
  private final int total;
  private int ration = Integer.MAX_VALUE;

  TableMachine(int frameCount) {
    bytes = Arena.ofAuto().allocate(frameCount * 4096L, 4096).fill((byte) 0xA5);
    MemoryRegion region = new MemoryRegion(new PhysicalAddress(BASE), bytes);
    memory = GuestMemory.of(List.of(region));
    frames = FrameBitmap.of(PageSize.FOUR_KIB, region);
    total = frameCount;
  }

  PageTablesBuilder tables(PagingMode mode) {
    return PageTables.builder(mode, memory, this);
  }

  /** From now on there are only so many frames. */
  void giveOnly(int count) {
    ration = count;
  }

  int framesInUse() {
    return total - frames.freeFrames();
  }

  long load(long table, int index) {
    return bytes.get(LONG, table - BASE + index * 8L);
  }

  void store(long table, int index, long entry) {
    bytes.set(LONG, table - BASE + index * 8L, entry);
  }

  @Override
  public long allocate(PageSize size, long maximumAddress) {
    return ration-- > 0 ? frames.allocate(size, maximumAddress) : NONE;
  }

  @Override
  public void free(long frame) {
    frames.free(frame);
  }
}

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
import java.util.List;

/** Frames for tables at 1 TiB, and no more than one below 4 GiB. */
final class HighFrames implements FrameAllocator {
  private static final long LOW = 0x10_0000;
  private static final long HIGH = 1L << 40;

  private final GuestMemory memory;
  private final FrameBitmap high;
  private final int total;
  private boolean lowIsFree;

  HighFrames(int count) {
    MemoryRegion low = region(LOW, 1);
    MemoryRegion above = region(HIGH, count);
    memory = GuestMemory.of(List.of(low, above));
    high = FrameBitmap.of(PageSize.FOUR_KIB, above);
    total = count;
  }

  private static MemoryRegion region(long base, int count) {
    return new MemoryRegion(
        new PhysicalAddress(base), Arena.ofAuto().allocate(count * 4096L, 4096));
  }

  HighFrames withOneLowFrame() {
    lowIsFree = true;
    return this;
  }

  PageTablesBuilder tables(PagingMode mode) {
    return PageTables.builder(mode, memory, this);
  }

  int framesInUse() {
    return total - high.freeFrames();
  }

  @Override
  public long allocate(PageSize size, long maximumAddress) {
    if (lowIsFree && maximumAddress < HIGH) {
      lowIsFree = false;
      return LOW;
    }
    return high.allocate(size, maximumAddress);
  }

  @Override
  public void free(long frame) {
    if (frame == LOW) {
      lowIsFree = true;
    } else {
      high.free(frame);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.space;

import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.paging.FrameAllocator;
import io.efirts.api.paging.FrameBitmap;
import io.efirts.api.paging.PageSize;
import io.efirts.arm64.paging.Granule;
import io.efirts.arm64.paging.MairTypes;
import io.efirts.arm64.paging.PageTables;
import io.efirts.arm64.paging.PageTablesBuilder;
import io.efirts.arm64.paging.PagingMode;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Memory for tables of one granule that holds garbage at first, from 1 MiB on, and its frames, as
 * many as told. MAIR is Linux's: registers are Device-nGnRE.
 */
final class TableMachine implements FrameAllocator {
  static final long BASE = 0x10_0000;

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  final Granule granule;
  private final MemorySegment bytes;
  private final GuestMemory memory;
  private final FrameBitmap frames;
  private final int total;
  private int ration = Integer.MAX_VALUE;

  TableMachine(Granule granule, int frameCount) {
    this.granule = granule;
    bytes =
        Arena.ofAuto()
            .allocate((long) frameCount * granule.bytes(), granule.bytes())
            .fill((byte) 0xA5);
    MemoryRegion region = new MemoryRegion(new PhysicalAddress(BASE), bytes);
    memory = GuestMemory.of(List.of(region));
    frames = FrameBitmap.of(granule.page(), region);
    total = frameCount;
  }

  /** For addresses of 48 bits. */
  PageTablesBuilder tables() {
    return tables(48);
  }

  PageTablesBuilder tables(int virtualBits) {
    return PageTables.builder(new PagingMode(granule, virtualBits), memory, this)
        .mairTypes(MairTypes.EARLY_ACKNOWLEDGE);
  }

  /** From now on there are only so many frames. */
  void giveOnly(int count) {
    ration = count;
  }

  int framesInUse() {
    return total - frames.freeFrames();
  }

  /** Address of the n-th frame; they are given out upwards, so the first root is frame 0. */
  long frame(int n) {
    return BASE + (long) n * granule.bytes();
  }

  long load(long table, int index) {
    return bytes.get(LONG, table - BASE + index * 8L);
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

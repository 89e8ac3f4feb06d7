// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.paging.table;

import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.paging.FrameAllocator;
import io.efirts.api.paging.OutOfFramesException;
import io.efirts.api.paging.PageSize;

/**
 * The embedder's allocator, asked for all frames of a change at once, and checked. For one thread
 * at a time; the allocator is called on it.
 */
public final class FrameSupply {
  private final FrameAllocator allocator;
  private final GuestMemory memory;
  private final PageSize size;
  private final long maximumAddress;

  /**
   * Frames for tables.
   *
   * @param allocator gives them
   * @param memory must hold them
   * @param size their size
   * @param maximumAddress the highest address of their last byte
   */
  public FrameSupply(
      FrameAllocator allocator, GuestMemory memory, PageSize size, long maximumAddress) {
    this.allocator = allocator;
    this.memory = memory;
    this.size = size;
    this.maximumAddress = maximumAddress;
  }

  /**
   * Takes all frames or none.
   *
   * @param count how many
   * @return as many
   * @throws OutOfFramesException if there are fewer
   * @throws IllegalStateException if the allocator gives a frame that cannot hold a table
   */
  public FrameList take(long count) {
    FrameList frames = new FrameList();
    boolean complete = false;
    try {
      while (frames.size() < count) {
        long frame = allocator.allocate(size, maximumAddress);
        if (frame == FrameAllocator.NONE) {
          throw new OutOfFramesException(count, frames.size(), maximumAddress);
        }
        frames.add(frame);
        requireUsable(frame);
      }
      complete = true;
      return frames;
    } finally {
      if (!complete) {
        giveBack(frames);
      }
    }
  }

  /**
   * Gives frames back to the allocator.
   *
   * @param frames what {@link #take} returned, or part of it; empty afterwards
   */
  public void giveBack(FrameList frames) {
    for (int i = 0; i < frames.size(); i++) {
      allocator.free(frames.get(i));
    }
    frames.clear();
  }

  private void requireUsable(long frame) {
    if (frame % size.bytes() != 0
        || frame < 0
        || frame > maximumAddress - (size.bytes() - 1)
        || !holdsWhole(frame)) {
      throw new IllegalStateException(
          "frame allocator must give aligned frames of guest memory within its limit: frame=0x"
              + Long.toHexString(frame)
              + ", size="
              + size
              + ", maximumAddress=0x"
              + Long.toHexString(maximumAddress));
    }
  }

  private boolean holdsWhole(long frame) {
    MemoryRegion region = memory.regionAt(frame);
    return region != null && region.offsetOf(frame) + size.bytes() <= region.bytes().byteSize();
  }
}

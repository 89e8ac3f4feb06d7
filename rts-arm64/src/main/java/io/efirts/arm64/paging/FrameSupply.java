// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MemoryRegion;

/** The embedder's allocator, asked for all frames of a change at once, and checked. */
final class FrameSupply {
  private final FrameAllocator allocator;
  private final GuestMemory memory;
  private final Granule granule;
  private final long maximumAddress;

  /**
   * Frames for tables.
   *
   * @param allocator gives them
   * @param memory must hold them
   * @param granule their size
   * @param maximumAddress the highest address of their last byte
   */
  FrameSupply(FrameAllocator allocator, GuestMemory memory, Granule granule, long maximumAddress) {
    this.allocator = allocator;
    this.memory = memory;
    this.granule = granule;
    this.maximumAddress = maximumAddress;
  }

  /**
   * All frames or none.
   *
   * @throws OutOfFramesException if there are fewer
   * @throws IllegalStateException if the allocator gives a frame that cannot hold a table
   */
  FrameList take(long count) {
    FrameList frames = new FrameList();
    boolean complete = false;
    try {
      while (frames.size() < count) {
        long frame = allocator.allocate(granule, maximumAddress);
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

  void giveBack(FrameList frames) {
    for (int i = 0; i < frames.size(); i++) {
      allocator.free(frames.get(i));
    }
    frames.clear();
  }

  private void requireUsable(long frame) {
    if (frame % granule.bytes() != 0
        || frame < 0
        || frame > maximumAddress - (granule.bytes() - 1)
        || !holdsWhole(frame)) {
      throw new IllegalStateException(
          "frame allocator must give aligned frames of guest memory within its limit: frame=0x"
              + Long.toHexString(frame)
              + ", granule="
              + granule
              + ", maximumAddress=0x"
              + Long.toHexString(maximumAddress));
    }
  }

  private boolean holdsWhole(long frame) {
    MemoryRegion region = memory.regionAt(frame);
    return region != null && region.offsetOf(frame) + granule.bytes() <= region.bytes().byteSize();
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.paging;

import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import java.util.BitSet;

/**
 * Frames of one piece of guest memory, with a bit for each. The lowest free frame goes first.
 *
 * <p>For one thread at a time. Never blocks.
 */
public final class FrameBitmap implements FrameAllocator {
  private final long base;
  private final int frames;
  private final BitSet used = new BitSet();

  /** No frame below this index is free. */
  private int lowest;

  /**
   * All frames of a piece of memory that nobody else uses.
   *
   * @param base address of the first frame, a multiple of 4096
   * @param frames how many there are, at least 1
   * @throws IllegalArgumentException if the base is not aligned or there is no frame
   */
  public FrameBitmap(PhysicalAddress base, int frames) {
    if (base.value() % AddressSpace.PAGE_BYTES != 0 || frames <= 0) {
      throw new IllegalArgumentException(
          "frames must start on a multiple of 4096 and be at least one: base="
              + base
              + ", frames="
              + frames);
    }
    this.base = base.value();
    this.frames = frames;
  }

  /**
   * All frames of a region.
   *
   * @param region memory that nobody else uses, less than 8 TiB
   * @return an allocator with every frame free
   */
  public static FrameBitmap of(MemoryRegion region) {
    return new FrameBitmap(
        region.base(), Math.toIntExact(region.bytes().byteSize() / AddressSpace.PAGE_BYTES));
  }

  @Override
  public long allocate(long maximumAddress) {
    int index = used.nextClearBit(lowest);
    long frame = base + (long) index * AddressSpace.PAGE_BYTES;
    if (index >= frames || frame + AddressSpace.PAGE_BYTES - 1 > maximumAddress) {
      return NONE;
    }
    used.set(index);
    lowest = index + 1;
    return frame;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the frame is not one that was given away
   */
  @Override
  public void free(long frame) {
    long index = (frame - base) / AddressSpace.PAGE_BYTES;
    boolean ours = frame >= base && frame % AddressSpace.PAGE_BYTES == 0 && index < frames;
    if (!ours || !used.get((int) index)) {
      throw new IllegalArgumentException(
          "frame must be one that was allocated: frame=0x" + Long.toHexString(frame));
    }
    used.clear((int) index);
    lowest = Math.min(lowest, (int) index);
  }

  /**
   * How many frames can still be allocated.
   *
   * @return 0 to the number given at creation
   */
  public int freeFrames() {
    return frames - used.cardinality();
  }
}

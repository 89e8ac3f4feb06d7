// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.paging;

import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import java.util.BitSet;
import java.util.Objects;

/**
 * Frames of one piece of guest memory and of one size, with a bit for each. The lowest free frame
 * goes first.
 *
 * <p>For one thread at a time. Never blocks.
 */
public final class FrameBitmap implements FrameAllocator {
  private final PageSize size;
  private final long base;
  private final int frames;
  private final BitSet used = new BitSet();

  /** No frame below this index is free. */
  private int lowest;

  /**
   * All frames of a piece of memory that nobody else uses.
   *
   * @param size size of each frame
   * @param base address of the first frame, a multiple of the size
   * @param frames how many there are, at least 1
   * @throws IllegalArgumentException if the base is not aligned or there is no frame
   */
  public FrameBitmap(PageSize size, PhysicalAddress base, int frames) {
    this.size = Objects.requireNonNull(size, "size");
    if (base.value() % size.bytes() != 0 || frames <= 0) {
      throw new IllegalArgumentException(
          "frames must start on a multiple of "
              + size.bytes()
              + " and be at least one: base="
              + base
              + ", frames="
              + frames);
    }
    this.base = base.value();
    this.frames = frames;
  }

  /**
   * All whole frames of a region.
   *
   * @param size size of each frame
   * @param region memory that nobody else uses, less than 8 TiB
   * @return an allocator with every frame free
   * @throws IllegalArgumentException if the region holds no whole frame
   */
  public static FrameBitmap of(PageSize size, MemoryRegion region) {
    long first = Math.ceilDiv(region.base().value(), size.bytes()) * size.bytes();
    long usable = region.base().value() + region.bytes().byteSize() - first;
    return new FrameBitmap(
        size, new PhysicalAddress(first), Math.toIntExact(Math.floorDiv(usable, size.bytes())));
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if these are frames of another size
   */
  @Override
  public long allocate(PageSize size, long maximumAddress) {
    if (size != this.size) {
      throw new IllegalArgumentException(
          "size must be that of the frames: size=" + size + ", frames=" + this.size);
    }
    int index = used.nextClearBit(lowest);
    long frame = base + (long) index * size.bytes();
    if (index >= frames || frame + size.bytes() - 1 > maximumAddress) {
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
    long index = (frame - base) / size.bytes();
    boolean ours = frame >= base && frame % size.bytes() == 0 && index < frames;
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

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.log;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads slots from the newest to the oldest, while they are written.
 *
 * <p>Has no state but its count: any number of threads may read at a time.
 */
final class BackwardReader {
  private final LineSlots slots;
  private final AtomicLong tornGaps = new AtomicLong();

  BackwardReader(LineSlots slots) {
    this.slots = slots;
  }

  long tornGaps() {
    return tornGaps.get();
  }

  /**
   * Fills a slice from its end to its beginning and then moves what is there to the beginning.
   *
   * @param nextNumber the number that the next line begins with; older ones by more than a round
   *     are not looked for
   */
  void sliceBefore(long nextNumber, long position, int limitBytes, KmsgSlice slice) {
    long oldest = slots.positionOf(nextNumber - slots.count());
    long at = Math.min(position, slots.positionOf(nextNumber));
    int free = limitBytes;
    boolean inGap = false;
    while (at > oldest) {
      long number = slots.numberAt(at - 1);
      long shape = slots.shape(number);
      if (shape == LineSlots.OVERWRITTEN) {
        break;
      }
      if (shape == LineSlots.MISSING || shape == LineSlots.VOID) {
        if (shape == LineSlots.MISSING && !inGap) {
          inGap = true;
          tornGaps.getAndIncrement();
        }
        at = slots.positionOf(number);
        continue;
      }
      long first = number - LineSlots.piece(shape);
      long lineStart = slots.positionOf(first);
      int length = (int) Math.min(at - lineStart, LineSlots.lineLength(shape));
      if (inGap && length < LineSlots.lineLength(shape)) {
        // The line's end was not there. Without a gap its end is what the last slice began with.
        at = lineStart;
        continue;
      }
      inGap = false;
      boolean empty = free == limitBytes;
      if (length > free && !empty) {
        break;
      }
      int taken = Math.min(length, free);
      long from = lineStart + length - taken;
      if (!slots.copy(first, from, taken, slice.buffer(), slice.offset() + free - taken)) {
        break;
      }
      free -= taken;
      at = from;
    }
    int length = limitBytes - free;
    System.arraycopy(slice.buffer(), slice.offset() + free, slice.buffer(), slice.offset(), length);
    slice.set(length, at);
  }
}

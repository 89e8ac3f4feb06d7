// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.log;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The slots of a {@link LogRing}: their bytes, and who may touch them.
 *
 * <p>A slot's word is a number and whether what has that number is complete. It only ever grows:
 *
 * <pre>
 *  complete(s - N)  -- claim, CAS -->  writing(s)  -- complete, release -->  complete(s)
 * </pre>
 *
 * <p>A slot that is being written is its writer's alone, however long that takes: a later writer
 * goes elsewhere. So a writer that was stopped can go on at any time and meets only its own bytes.
 *
 * <p>A line takes consecutive numbers; its bytes are consecutive too, behind the last slot those of
 * the first one follow. A position is a number times the bytes of a slot, plus an offset.
 */
final class LineSlots {
  /** Instead of a shape: what has this number is not written, or not yet. */
  static final long MISSING = -1;

  /** Instead of a shape: a later number has taken the slot, and so all slots of older numbers. */
  static final long OVERWRITTEN = -2;

  /** The shape of a slot that was claimed and holds nothing. */
  static final long VOID = 0;

  private static final long COMPLETE = 1;

  private final int slotShift;
  private final int indexMask;
  private final int byteMask;
  private final AtomicLongArray words;

  /** What is in each slot: which piece of a line, and how long that is. */
  private final long[] shapes;

  private final byte[] bytes;

  /** Slots with the numbers from 0 on, all of them void. Both sizes are powers of two. */
  LineSlots(int slots, int slotBytes) {
    slotShift = Integer.numberOfTrailingZeros(slotBytes);
    indexMask = slots - 1;
    byteMask = slots * slotBytes - 1;
    words = new AtomicLongArray(slots);
    shapes = new long[slots];
    bytes = new byte[slots * slotBytes];
    for (int i = 0; i < slots; i++) {
      words.setPlain(i, complete(i));
    }
  }

  int count() {
    return indexMask + 1;
  }

  /** How many slots so many bytes take. */
  int slotsOf(int length) {
    return length + (1 << slotShift) - 1 >> slotShift;
  }

  /** The slot with a byte in it. */
  long numberAt(long position) {
    return position >> slotShift;
  }

  /** Where a slot begins. */
  long positionOf(long number) {
    return number << slotShift;
  }

  /** Which piece of its line a slot holds, from 0 on. */
  static int piece(long shape) {
    return (int) (shape >> 32);
  }

  /** How many bytes the whole line has of which a slot holds a piece. */
  static int lineLength(long shape) {
    return (int) shape;
  }

  /**
   * How far it is to so many slots of which none is being written. A guess: others go on.
   *
   * @return how many numbers to leave out; -1 if there is no such run in a whole round
   */
  int distanceToRun(long number, int count) {
    int run = 0;
    for (int i = 0; i < count(); i++) {
      // Opaque: claim looks again.
      boolean complete = (words.getOpaque((int) (number + i) & indexMask) & COMPLETE) != 0;
      run = complete ? run + 1 : 0;
      if (run == count) {
        return i + 1 - count;
      }
    }
    return -1;
  }

  /**
   * Makes slots the caller's, all or none; to be followed by {@link #complete}.
   *
   * @param first the first of the numbers, which are the caller's alone
   * @param count how many
   * @return false if one is still being written, or was already overwritten
   */
  boolean claim(long first, int count) {
    int claimed = 0;
    while (claimed < count && claim(first + claimed)) {
      claimed++;
    }
    // Holds back what is put into the slots until they can be seen to be in work; without it a
    // reader could copy new bytes and then find the old word. On x86, which keeps stores in order,
    // ReadAgainstLap passes without it too; elsewhere it may fail.
    VarHandle.storeStoreFence();
    if (claimed == count) {
      return true;
    }
    complete(first, claimed, 0);
    return false;
  }

  private boolean claim(long number) {
    int index = (int) number & indexMask;
    // Opaque: no more than a guess which the CAS holds against the word. The CAS acquires, so that
    // the older writer's bytes cannot come out on top of the new ones (WriteAgainstWrite).
    long word = words.getOpaque(index);
    return (word & COMPLETE) != 0
        && word >> 1 < number
        && words.compareAndSet(index, word, number << 1);
  }

  /** Puts a byte into a claimed slot. */
  void put(long position, int value) {
    bytes[(int) position & byteMask] = (byte) value;
  }

  /** Puts bytes into claimed slots. */
  void put(long position, byte[] source, int offset, int length) {
    int begin = (int) position & byteMask;
    int untilEnd = Math.min(length, bytes.length - begin);
    System.arraycopy(source, offset, bytes, begin, untilEnd);
    System.arraycopy(source, offset + untilEnd, bytes, 0, length - untilEnd);
  }

  /**
   * Gives claimed slots to the readers and to later writers.
   *
   * @param lineLength how many bytes were put into them; 0 for none, then they are void
   */
  void complete(long first, int count, int lineLength) {
    for (int piece = 0; piece < count; piece++) {
      int index = (int) (first + piece) & indexMask;
      shapes[index] = lineLength == 0 ? VOID : (long) piece << 32 | lineLength;
      // No CAS: nobody else changes a word that says writing. Release: the bytes and the shape are
      // there before (ReadAgainstWrite), and so are the pieces before this one, which copy relies
      // on (ReadAgainstLongLine). Volatile would gain nothing: the writer reads nothing afterwards.
      words.setRelease(index, complete(first + piece));
    }
  }

  /**
   * What is in a slot.
   *
   * @return a shape, {@link #VOID}, {@link #MISSING} or {@link #OVERWRITTEN}
   */
  long shape(long number) {
    int index = (int) number & indexMask;
    // Acquire: the shape is not read before the word that vouches for it, and neither are the bytes
    // that are copied by it (ReadAgainstWrite).
    long word = words.getAcquire(index);
    if (word != complete(number)) {
      return word >> 1 > number ? OVERWRITTEN : MISSING;
    }
    long shape = shapes[index];
    return isStillComplete(number, number) ? shape : OVERWRITTEN;
  }

  /**
   * Copies bytes of a line whose last piece, or the last one wanted, was found complete; then its
   * pieces before that were so too.
   *
   * @param first number of the line's first piece
   * @return false if the line was overwritten, before or meanwhile; what was copied is worth
   *     nothing
   */
  boolean copy(long first, long position, int length, byte[] target, int offset) {
    int begin = (int) position & byteMask;
    int untilEnd = Math.min(length, bytes.length - begin);
    System.arraycopy(bytes, begin, target, offset, untilEnd);
    System.arraycopy(bytes, 0, target, offset + untilEnd, length - untilEnd);
    return isStillComplete(first, numberAt(position + length - 1));
  }

  private boolean isStillComplete(long first, long last) {
    // Keeps the second look at the words behind the reads that it vouches for; the acquire of the
    // first look only keeps those reads behind the first (ReadAgainstLap, ReadAgainstTwoLaps).
    VarHandle.loadLoadFence();
    for (long number = first; number <= last; number++) {
      // Opaque: the fence orders it.
      if (words.getOpaque((int) number & indexMask) != complete(number)) {
        return false;
      }
    }
    return true;
  }

  private static long complete(long number) {
    return number << 1 | COMPLETE;
  }
}

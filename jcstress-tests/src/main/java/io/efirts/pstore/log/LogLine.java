// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.log;

import io.efirts.api.spi.NanoClock;
import java.util.Arrays;

/**
 * Lines of one letter each and of different lengths, so that a mixture of two, or one with the
 * length of another, is told from either.
 */
public enum LogLine {
  /** The longest of those that take one slot. */
  A(400),
  /** The shortest. */
  B(300),
  /** The one between. */
  C(350),
  /** Of four slots. */
  L(2000);

  /** What a line but the long one fits into. Large, so that copying it takes some steps. */
  private static final int SLOT_BYTES = 512;

  private static final String NONE = "none";
  private static final String TORN = "torn";

  private final byte[] bytes;

  LogLine(int length) {
    bytes = new byte[length];
    Arrays.fill(bytes, (byte) name().charAt(0));
  }

  /**
   * An empty ring.
   *
   * @param slots how many
   * @return the ring
   */
  public static LogRing ring(int slots) {
    return new LogRing(slots, SLOT_BYTES, NanoClock.SYSTEM);
  }

  /**
   * Void slots.
   *
   * @param count how many
   * @return the slots, with the numbers from 0 on
   */
  static LineSlots slots(int count) {
    return new LineSlots(count, SLOT_BYTES);
  }

  /**
   * Writes this line.
   *
   * @param ring where to
   */
  public void appendTo(LogRing ring) {
    ring.append(bytes, 0, bytes.length);
  }

  /** Puts a part of this line into a claimed slot. */
  void put(LineSlots slots, long number, int from, int end) {
    slots.put(slots.positionOf(number) + from, bytes, from, end - from);
  }

  /** Puts this line into a slot, if that can be claimed. */
  boolean write(LineSlots slots, long number) {
    if (!slots.claim(number, 1)) {
      return false;
    }
    put(slots, number, 0, bytes.length);
    slots.complete(number, 1, bytes.length);
    return true;
  }

  int length() {
    return bytes.length;
  }

  /**
   * Reads the newest slice of a ring.
   *
   * @param ring one that keeps no more than fits into a slice
   * @return the lines' letters, oldest first; {@code none}; {@code torn} if something is no line of
   *     these
   */
  public static String read(LogRing ring) {
    KmsgSlice slice = new KmsgSlice(new byte[8 * SLOT_BYTES], 0);
    ring.sliceBefore(ring.end(), slice.room(), slice);
    StringBuilder letters = new StringBuilder();
    int from = 0;
    for (int at = 0; at < slice.length(); at++) {
      if (slice.buffer()[at] == '\n') {
        letters.append(letter(slice.buffer(), from, at));
        from = at + 1;
      }
    }
    if (from < slice.length()) {
      return TORN;
    }
    return letters.isEmpty() ? NONE : letters.toString();
  }

  /** Reads the slot of a number: the line's letter, {@code torn} or {@code none}. */
  static String read(LineSlots slots, long number) {
    long shape = slots.shape(number);
    if (shape <= LineSlots.VOID) {
      return NONE;
    }
    byte[] copied = new byte[LineSlots.lineLength(shape)];
    long position = slots.positionOf(number);
    boolean whole = slots.copy(number, position, copied.length, copied, 0);
    return whole ? letter(copied, 0, copied.length) : NONE;
  }

  private static String letter(byte[] bytes, int from, int end) {
    for (LogLine line : values()) {
      if (Arrays.equals(bytes, from, end, line.bytes, 0, line.bytes.length)) {
        return line.name();
      }
    }
    return TORN;
  }
}

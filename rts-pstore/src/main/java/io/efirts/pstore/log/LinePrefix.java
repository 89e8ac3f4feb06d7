// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.log;

/** What Linux puts in front of a line: {@code <6>[ 1.234567] }. */
final class LinePrefix {
  private static final int LEAST_SECONDS_DIGITS = 5;
  private static final int MICROSECONDS_DIGITS = 6;

  /** All but the digits of the time. */
  private static final int FIXED_BYTES = "<6>[.] ".length();

  private LinePrefix() {}

  /** How many bytes it has: at most 23. */
  static int length(long elapsedNanos) {
    return FIXED_BYTES + secondsDigits(elapsedNanos / 1_000_000_000) + MICROSECONDS_DIGITS;
  }

  /** Puts it, from the last digit to the first. */
  static void put(LineSlots slots, long position, int level, long elapsedNanos) {
    long seconds = elapsedNanos / 1_000_000_000;
    int secondsDigits = secondsDigits(seconds);
    slots.put(position, '<');
    slots.put(position + 1, '0' + level);
    slots.put(position + 2, '>');
    slots.put(position + 3, '[');
    long point = position + 4 + secondsDigits;
    putDigits(slots, point, seconds, secondsDigits, ' ');
    slots.put(point, '.');
    long behind = point + 1 + MICROSECONDS_DIGITS;
    putDigits(slots, behind, elapsedNanos % 1_000_000_000 / 1_000, MICROSECONDS_DIGITS, '0');
    slots.put(behind, ']');
    slots.put(behind + 1, ' ');
  }

  private static void putDigits(
      LineSlots slots, long behind, long value, int digits, char leading) {
    long rest = value;
    for (int i = 1; i <= digits; i++) {
      slots.put(behind - i, rest == 0 && i > 1 ? leading : '0' + (int) (rest % 10));
      rest /= 10;
    }
  }

  private static int secondsDigits(long seconds) {
    int digits = LEAST_SECONDS_DIGITS;
    for (long rest = seconds / 100_000; rest > 0; rest /= 10) {
      digits++;
    }
    return digits;
  }
}

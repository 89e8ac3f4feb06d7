// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.log;

/** Writes text as UTF-8 into slots, without the encoders of the JDK, which allocate. */
final class Utf8 {
  private static final int CONTINUATION = 0x80;
  private static final int SIX_BITS = 0x3F;
  private static final char UNKNOWN = '?';

  private Utf8() {}

  /** How many bytes as many whole characters have as fit into a limit. */
  static int fittingLength(CharSequence text, int from, int end, int limit) {
    int length = 0;
    int index = from;
    while (index < end) {
      int character = characterAt(text, index, end);
      int width = width(character);
      if (length + width > limit) {
        break;
      }
      length += width;
      index += Character.charCount(character);
    }
    return length;
  }

  /**
   * Puts exactly so many bytes: whole characters as long as they fit, and {@code ?} behind them.
   *
   * @return the index of the first one that was not put
   */
  static int put(LineSlots slots, long position, int length, CharSequence text, int from, int end) {
    long at = position;
    long limit = position + length;
    int index = from;
    while (index < end) {
      int character = characterAt(text, index, end);
      if (at + width(character) > limit) {
        break;
      }
      at = put(slots, at, character);
      index += Character.charCount(character);
    }
    while (at < limit) {
      slots.put(at++, UNKNOWN);
    }
    return index;
  }

  private static long put(LineSlots slots, long position, int character) {
    long at = position;
    switch (width(character)) {
      case 1 -> slots.put(at++, character);
      case 2 -> slots.put(at++, 0xC0 | character >> 6);
      case 3 -> {
        slots.put(at++, 0xE0 | character >> 12);
        slots.put(at++, CONTINUATION | character >> 6 & SIX_BITS);
      }
      default -> {
        slots.put(at++, 0xF0 | character >> 18);
        slots.put(at++, CONTINUATION | character >> 12 & SIX_BITS);
        slots.put(at++, CONTINUATION | character >> 6 & SIX_BITS);
      }
    }
    if (width(character) > 1) {
      slots.put(at++, CONTINUATION | character & SIX_BITS);
    }
    return at;
  }

  private static int characterAt(CharSequence text, int index, int end) {
    char unit = text.charAt(index);
    if (!Character.isSurrogate(unit)) {
      return unit;
    }
    if (Character.isHighSurrogate(unit) && index + 1 < end) {
      char low = text.charAt(index + 1);
      if (Character.isLowSurrogate(low)) {
        return Character.toCodePoint(unit, low);
      }
    }
    return UNKNOWN;
  }

  private static int width(int character) {
    return character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
  }
}

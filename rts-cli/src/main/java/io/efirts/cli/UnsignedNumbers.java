// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import java.util.Locale;

/** Numbers of up to 64 bits without a sign, decimal or with {@code 0x}. */
final class UnsignedNumbers {
  private static final int LONGEST = 64;

  private UnsignedNumbers() {}

  /**
   * Parses a number.
   *
   * @param text its text
   * @param name what it is, for the message
   * @return the number, unsigned
   * @throws IllegalArgumentException when the text is none, or one that needs more than 64 bits
   */
  static long parse(String text, String name) {
    boolean hex = text.toLowerCase(Locale.ROOT).startsWith("0x");
    String digits = hex ? text.substring(2) : text;
    int radix = hex ? 16 : 10;
    // Long.parseUnsignedLong would also take a plus sign and the digits of other scripts.
    boolean plain =
        !digits.isEmpty()
            && digits.length() <= LONGEST
            && digits.chars().allMatch(c -> c < 128 && Character.digit(c, radix) >= 0);
    if (plain) {
      try {
        return Long.parseUnsignedLong(digits, radix);
      } catch (NumberFormatException e) {
        throw notANumber(text, name, e);
      }
    }
    throw notANumber(text, name, null);
  }

  /**
   * Parses a number of up to 32 bits.
   *
   * @param text its text
   * @param name what it is, for the message
   * @return the number, unsigned
   * @throws IllegalArgumentException when the text is none, or one that needs more than 32 bits
   */
  static int parse32(String text, String name) {
    long value = parse(text, name);
    if (value >>> Integer.SIZE != 0) {
      throw new IllegalArgumentException(
          name + " must be a number of 32 bits: " + name + "=" + Printable.quoted(text));
    }
    return (int) value;
  }

  private static IllegalArgumentException notANumber(String text, String name, Throwable cause) {
    return new IllegalArgumentException(
        name
            + " must be a number of 64 bits, decimal or with 0x: "
            + name
            + "="
            + Printable.quoted(text),
        cause);
  }
}

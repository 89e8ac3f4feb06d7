// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.format;

/** Decimal numbers as ASCII bytes, without allocation. */
final class AsciiDigits {
  /** How many digits an int that is not negative has at most. */
  static final int INT_DIGITS = 10;

  private AsciiDigits() {}

  /** Writes a number that is not negative; returns the offset behind it. */
  static int write(long number, byte[] target, int offset) {
    int end = offset + 1;
    for (long rest = number / 10; rest != 0; rest /= 10) {
      end++;
    }
    long rest = number;
    for (int i = end - 1; i >= offset; i--) {
      target[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return end;
  }

  /** Writes a text that is ASCII; returns the offset behind it. */
  static int write(String text, byte[] target, int offset) {
    for (int i = 0; i < text.length(); i++) {
      target[offset + i] = (byte) text.charAt(i);
    }
    return offset + text.length();
  }
}

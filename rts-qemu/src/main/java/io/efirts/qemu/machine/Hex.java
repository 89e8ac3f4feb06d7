// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import java.nio.ByteBuffer;

/** Hexadecimal numbers as GDB's remote serial protocol writes them; without any allocation. */
final class Hex {
  private Hex() {}

  /** The value of a digit in either case, or -1. */
  static int digit(byte character) {
    if (character >= '0' && character <= '9') {
      return character - '0';
    }
    int lower = character | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }

  /** Puts the two digits of a byte, in lower case. */
  static void put(ByteBuffer into, int value) {
    into.put(character(value >>> 4 & 0xf)).put(character(value & 0xf));
  }

  private static byte character(int digit) {
    return (byte) (digit < 10 ? '0' + digit : 'a' + digit - 10);
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

/**
 * The names of the bits of a mask, and its text form: names joined by {@code |} from the lowest bit
 * up, bits without a name as one hex number at the end, {@code 0} for the empty mask.
 */
final class BitNames {
  private final long[] bits;
  private final String[] names;

  BitNames(long[] bits, String[] names) {
    this.bits = bits.clone();
    this.names = names.clone();
  }

  String describe(long mask) {
    if (mask == 0) {
      return "0";
    }
    StringBuilder text = new StringBuilder();
    long unnamed = mask;
    for (int i = 0; i < bits.length; i++) {
      if ((mask & bits[i]) != 0) {
        append(text, names[i]);
        unnamed &= ~bits[i];
      }
    }
    if (unnamed != 0) {
      append(text, SpecChecks.hex(unnamed));
    }
    return text.toString();
  }

  /** Returns the bit of a name, in any letter case, or 0 when there is none. */
  long find(String name) {
    for (int i = 0; i < names.length; i++) {
      if (names[i].equalsIgnoreCase(name)) {
        return bits[i];
      }
    }
    return 0;
  }

  private static void append(StringBuilder text, String part) {
    if (!text.isEmpty()) {
      text.append('|');
    }
    text.append(part);
  }
}

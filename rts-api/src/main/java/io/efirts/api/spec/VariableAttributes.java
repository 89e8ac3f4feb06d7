// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

import java.util.Locale;

/**
 * The attribute bits of a variable, {@code EFI_VARIABLE_*}, and their short text form. UEFI 2.10
 * section 8.2.1. Any thread may call; nothing blocks; the text methods allocate.
 */
public final class VariableAttributes {
  /** {@code NV}: kept across resets. */
  public static final int NON_VOLATILE = 0x01;

  /** {@code BS}: visible before ExitBootServices. */
  public static final int BOOTSERVICE_ACCESS = 0x02;

  /** {@code RT}: visible at runtime; needs {@link #BOOTSERVICE_ACCESS}. */
  public static final int RUNTIME_ACCESS = 0x04;

  /** {@code HR}: a hardware error record; needs {@link #NON_VOLATILE}. */
  public static final int HARDWARE_ERROR_RECORD = 0x08;

  /** {@code AW}: the deprecated counter-based authentication; firmware answers UNSUPPORTED. */
  public static final int AUTHENTICATED_WRITE_ACCESS = 0x10;

  /** {@code AT}: the data starts with an {@code EFI_VARIABLE_AUTHENTICATION_2}. */
  public static final int TIME_BASED_AUTHENTICATED_WRITE_ACCESS = 0x20;

  /** {@code AP}: append to the value; never stored or reported. */
  public static final int APPEND_WRITE = 0x40;

  /** {@code EA}: the data starts with an {@code EFI_VARIABLE_AUTHENTICATION_3}. */
  public static final int ENHANCED_AUTHENTICATED_ACCESS = 0x80;

  /** Every bit the specification defines. */
  public static final int ALL_DEFINED = 0xFF;

  private static final BitNames NAMES =
      new BitNames(
          new long[] {
            NON_VOLATILE,
            BOOTSERVICE_ACCESS,
            RUNTIME_ACCESS,
            HARDWARE_ERROR_RECORD,
            AUTHENTICATED_WRITE_ACCESS,
            TIME_BASED_AUTHENTICATED_WRITE_ACCESS,
            APPEND_WRITE,
            ENHANCED_AUTHENTICATED_ACCESS
          },
          new String[] {"NV", "BS", "RT", "HR", "AW", "AT", "AP", "EA"});
  private static final long MAXIMUM = 0xFFFF_FFFFL;

  private VariableAttributes() {}

  /**
   * Returns the short names of the set bits from the lowest up, bits without a name as one hex
   * number.
   *
   * @param attributes the attribute word
   * @return for example {@code NV|BS|RT} or {@code NV|0x100}; {@code 0} when no bit is set; {@link
   *     #parse} takes it back
   */
  public static String describe(int attributes) {
    return NAMES.describe(Integer.toUnsignedLong(attributes));
  }

  /**
   * Parses short names in any letter case and numbers, decimal or with {@code 0x}, joined by {@code
   * ,} or {@code |}.
   *
   * @param text for example {@code NV,BS,RT} or {@code 0x7}
   * @return the attribute word with the bits of every part
   * @throws IllegalArgumentException when a part is neither a name nor a number of 32 bits
   * @throws NullPointerException when the text is null
   */
  public static int parse(String text) {
    SpecChecks.requireGiven(text, "attributes");
    int attributes = 0;
    for (String part : text.split("[,|]", -1)) {
      attributes |= parsePart(part.strip(), text);
    }
    return attributes;
  }

  private static int parsePart(String part, String text) {
    long bit = NAMES.find(part);
    return (int) (bit != 0 ? bit : parseNumber(part, text));
  }

  private static long parseNumber(String part, String text) {
    boolean hex = part.toLowerCase(Locale.ROOT).startsWith("0x");
    String digits = hex ? part.substring(2) : part;
    int radix = hex ? 16 : 10;
    // Long.parseLong would also take a sign and the digits of other scripts.
    boolean plain =
        !digits.isEmpty()
            && digits.chars().allMatch(c -> c < 128 && Character.digit(c, radix) >= 0);
    if (plain && digits.length() <= 10) {
      long number = Long.parseLong(digits, radix);
      if (number <= MAXIMUM) {
        return number;
      }
    }
    throw new IllegalArgumentException(
        "attributes must be NV, BS, RT, HR, AW, AT, AP, EA or 32-bit numbers joined by , or |: "
            + "attributes="
            + text
            + ", part="
            + part);
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.format;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The first line of a dump's part: {@code <Reason>#<dump> Part<part>} and a newline, all ASCII.
 *
 * @param title what the line begins with: 1 to {@value #MAX_TITLE_BYTES} letters
 * @param dump number of the dump since boot, not negative
 * @param part number of the part, not negative
 * @param lengthBytes how long the line is, its newline included
 */
public record PartHeader(String title, int dump, int part, int lengthBytes) {
  /** How long a title may be. */
  public static final int MAX_TITLE_BYTES = 9;

  private static final String PART = " Part";
  private static final String NUMBER = "#";
  private static final DumpReason[] REASONS = DumpReason.values();

  /** How long the line is at most, its newline included. */
  public static final int MAX_BYTES =
      MAX_TITLE_BYTES + 1 + AsciiDigits.INT_DIGITS + PART.length() + AsciiDigits.INT_DIGITS + 1;

  /**
   * Writes a header line. Any thread may call; does not allocate, lock or wait.
   *
   * @param reason why the log is dumped
   * @param dump number of the dump, not negative
   * @param part number of the part, not negative
   * @param target receives the line
   * @param offset where; at least {@link #MAX_BYTES} before the target's end
   * @return how many bytes were written
   * @throws IllegalArgumentException if a number is negative or there is not enough room
   */
  public static int write(DumpReason reason, int dump, int part, byte[] target, int offset) {
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(target, "target");
    if ((dump | part) < 0) {
      throw new IllegalArgumentException(
          "numbers in a header must not be negative: dump=" + dump + ", part=" + part);
    }
    if (offset < 0 || offset > target.length - MAX_BYTES) {
      throw new IllegalArgumentException(
          "offset must leave room for a header: offset="
              + offset
              + ", length="
              + target.length
              + ", needed="
              + MAX_BYTES);
    }
    int end = AsciiDigits.write(reason.title(), target, offset);
    end = AsciiDigits.write(NUMBER, target, end);
    end = AsciiDigits.write(dump, target, end);
    end = AsciiDigits.write(PART, target, end);
    end = AsciiDigits.write(part, target, end);
    target[end++] = '\n';
    return end - offset;
  }

  /**
   * Reads the header line of a part. Allocates.
   *
   * @param text a part's decoded text
   * @return the header; null if the text does not begin with one
   */
  public static PartHeader parse(byte[] text) {
    Objects.requireNonNull(text, "text");
    int limit = Math.min(text.length, MAX_BYTES);
    int title = 0;
    while (title < limit && isLetter(text[title])) {
      title++;
    }
    int newline = title;
    while (newline < limit && text[newline] != '\n') {
      newline++;
    }
    if (title == 0 || title > MAX_TITLE_BYTES || newline == limit) {
      return null;
    }
    String line = new String(text, 0, newline, StandardCharsets.ISO_8859_1);
    int space = line.indexOf(PART);
    if (!line.startsWith(NUMBER, title) || space < 0) {
      return null;
    }
    int dump = number(line.substring(title + 1, space));
    int part = number(line.substring(space + PART.length()));
    return dump < 0 || part < 0
        ? null
        : new PartHeader(line.substring(0, title), dump, part, newline + 1);
  }

  /**
   * Why the log was dumped.
   *
   * @return the reason of this title; {@link DumpReason#UNDEFINED} if none has it, as those of
   *     kernels before 5.8 for each kind of shutdown
   */
  public DumpReason reason() {
    for (DumpReason reason : REASONS) {
      if (reason.title().equals(title)) {
        return reason;
      }
    }
    return DumpReason.UNDEFINED;
  }

  private static boolean isLetter(byte b) {
    return (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z');
  }

  private static int number(String digits) {
    if (digits.isEmpty() || digits.length() > AsciiDigits.INT_DIGITS) {
      return -1;
    }
    long number = 0;
    for (int i = 0; i < digits.length(); i++) {
      if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
        return -1;
      }
      number = number * 10 + digits.charAt(i) - '0';
    }
    return number <= Integer.MAX_VALUE ? (int) number : -1;
  }
}

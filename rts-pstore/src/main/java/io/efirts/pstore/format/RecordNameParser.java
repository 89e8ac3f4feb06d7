// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.format;

/** One reading of one name, from its first to its last character. */
final class RecordNameParser {
  private static final int NO_NUMBER = -1;

  private final String text;
  private int next;

  RecordNameParser(String text) {
    this.text = text;
  }

  RecordName parse() {
    if (text.length() >= CrashVariable.NAME_LIMIT_UNITS || !text.startsWith(RecordName.PREFIX)) {
      return null;
    }
    next = RecordName.PREFIX.length();
    long type = number();
    long part = separator() ? number() : NO_NUMBER;
    long third = separator() ? number() : NO_NUMBER;
    if (!isInt(type) || !isInt(part) || third == NO_NUMBER) {
      return null;
    }
    if (isAtEnd()) {
      return new RecordName(RecordForm.WITHOUT_COUNT, (int) type, (int) part, 0, third, false);
    }
    return isInt(third) ? withCount((int) type, (int) part, (int) third) : null;
  }

  private RecordName withCount(int type, int part, int count) {
    long seconds = separator() ? number() : NO_NUMBER;
    if (seconds == NO_NUMBER) {
      return null;
    }
    if (isAtEnd()) {
      return new RecordName(RecordForm.WITHOUT_LETTER, type, part, count, seconds, false);
    }
    char letter = separator() && !isAtEnd() ? text.charAt(next++) : RecordName.SEPARATOR;
    boolean known = letter == RecordName.COMPRESSED || letter == RecordName.PLAIN;
    return known && isAtEnd()
        ? RecordName.of(type, part, count, seconds, letter == RecordName.COMPRESSED)
        : null;
  }

  private boolean isAtEnd() {
    return next == text.length();
  }

  private boolean separator() {
    if (isAtEnd() || text.charAt(next) != RecordName.SEPARATOR) {
      return false;
    }
    next++;
    return true;
  }

  /** The digits from here on, or {@link #NO_NUMBER} if there are none, or too many for a long. */
  private long number() {
    int start = next;
    long number = 0;
    while (!isAtEnd() && text.charAt(next) >= '0' && text.charAt(next) <= '9') {
      int digit = text.charAt(next++) - '0';
      if (number > (Long.MAX_VALUE - digit) / 10) {
        return NO_NUMBER;
      }
      number = number * 10 + digit;
    }
    boolean canonical = next > start && (next == start + 1 || text.charAt(start) != '0');
    return canonical ? number : NO_NUMBER;
  }

  private static boolean isInt(long number) {
    return number >= 0 && number <= Integer.MAX_VALUE;
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.format;

import java.util.Objects;

/**
 * The name of a record's variable, taken apart. {@link #parse} and {@link #text} are inverse: a
 * name has one meaning, and a meaning one name.
 *
 * <p>Immutable; any thread may use it. Methods allocate: writers on the crash path have {@link
 * RecordNameBuffer}.
 *
 * @param form the form of the name
 * @param type what the record is about, see {@link RecordType}; 0 to 2<sup>31</sup>-1, named types
 *     or not
 * @param part 1 is the newest part of a dump, larger ones are older; 0 to 2<sup>31</sup>-1
 * @param count number of the dump; 0 to 2<sup>31</sup>-1, 0 in {@link RecordForm#WITHOUT_COUNT}
 * @param seconds when the record was written, in seconds since 1970; 0 to 2<sup>63</sup>-1
 * @param compressed whether the value is deflated; false in forms without the letter
 */
public record RecordName(
    RecordForm form, int type, int part, int count, long seconds, boolean compressed) {
  static final String PREFIX = "dump-type";
  static final char SEPARATOR = '-';
  static final char COMPRESSED = 'C';
  static final char PLAIN = 'D';

  /**
   * A name of any form.
   *
   * @throws IllegalArgumentException if a number is negative, or the form has no place for it
   */
  public RecordName {
    Objects.requireNonNull(form, "form");
    requireNumbers(type, part, count, seconds);
    if (compressed && form != RecordForm.CURRENT) {
      throw new IllegalArgumentException(
          "compressed needs the current form: form=" + form + ", compressed=true");
    }
    if (count != 0 && form == RecordForm.WITHOUT_COUNT) {
      throw new IllegalArgumentException(
          "count must be 0 in a form without it: form=" + form + ", count=" + count);
    }
  }

  /**
   * A name of the current form.
   *
   * @param type what the record is about
   * @param part number of the part
   * @param count number of the dump
   * @param seconds when it was written
   * @param compressed whether the value is deflated
   * @return the name
   * @throws IllegalArgumentException if a number is negative
   */
  public static RecordName of(int type, int part, int count, long seconds, boolean compressed) {
    return new RecordName(RecordForm.CURRENT, type, part, count, seconds, compressed);
  }

  /**
   * Takes a variable's name apart.
   *
   * <p>Numbers are ASCII digits without sign and leading zeros: type, part and count up to
   * 2<sup>31</sup>-1, seconds up to 2<sup>63</sup>-1. Nothing may follow.
   *
   * @param text the variable's name without NUL
   * @return what it says; null if it is not a record's name
   */
  public static RecordName parse(String text) {
    return new RecordNameParser(Objects.requireNonNull(text, "text")).parse();
  }

  /**
   * The variable's name.
   *
   * @return what {@link #parse} takes
   */
  public String text() {
    StringBuilder text = new StringBuilder(CrashVariable.NAME_LIMIT_UNITS);
    text.append(PREFIX).append(type).append(SEPARATOR).append(part).append(SEPARATOR);
    if (form != RecordForm.WITHOUT_COUNT) {
      text.append(count).append(SEPARATOR);
    }
    text.append(seconds);
    if (form == RecordForm.CURRENT) {
      text.append(SEPARATOR).append(compressed ? COMPRESSED : PLAIN);
    }
    return text.toString();
  }

  /**
   * The number by which Linux shows the record.
   *
   * @return unsigned, see {@link RecordId}
   */
  public long id() {
    return RecordId.of(seconds, part, count);
  }

  @Override
  public String toString() {
    return text();
  }

  static void requireNumbers(int type, int part, int count, long seconds) {
    if ((type | part | count) < 0 || seconds < 0) {
      throw new IllegalArgumentException(
          "numbers in a name must not be negative: type="
              + type
              + ", part="
              + part
              + ", count="
              + count
              + ", seconds="
              + seconds);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.format;

import java.nio.charset.StandardCharsets;

/**
 * A record's name that is composed in place. Made beforehand and used by one thread at a time;
 * neither {@link #set} nor reading allocates, locks or waits.
 */
public final class RecordNameBuffer implements CharSequence {
  private final byte[] units = new byte[CrashVariable.NAME_LIMIT_UNITS];
  private int length;

  /** An empty name. */
  public RecordNameBuffer() {}

  /**
   * Composes a name of the current form.
   *
   * @param type what the record is about, see {@link RecordType#code}; not negative
   * @param part number of the part, not negative
   * @param count number of the dump, not negative
   * @param seconds time stamp, not negative
   * @param compressed whether the value is deflated
   * @throws IllegalArgumentException if a number is negative; the name is then as it was
   */
  public void set(int type, int part, int count, long seconds, boolean compressed) {
    RecordName.requireNumbers(type, part, count, seconds);
    int end = AsciiDigits.write(RecordName.PREFIX, units, 0);
    end = AsciiDigits.write(type, units, end);
    units[end++] = RecordName.SEPARATOR;
    end = AsciiDigits.write(part, units, end);
    units[end++] = RecordName.SEPARATOR;
    end = AsciiDigits.write(count, units, end);
    units[end++] = RecordName.SEPARATOR;
    end = AsciiDigits.write(seconds, units, end);
    units[end++] = RecordName.SEPARATOR;
    units[end++] = (byte) (compressed ? RecordName.COMPRESSED : RecordName.PLAIN);
    length = end;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public char charAt(int index) {
    if (index < 0 || index >= length) {
      throw new IndexOutOfBoundsException(
          "index must be within the name: index=" + index + ", length=" + length);
    }
    return (char) units[index];
  }

  /** Allocates; for messages. */
  @Override
  public CharSequence subSequence(int start, int end) {
    return toString().subSequence(start, end);
  }

  /** Allocates; for messages. */
  @Override
  public String toString() {
    return new String(units, 0, length, StandardCharsets.US_ASCII);
  }
}

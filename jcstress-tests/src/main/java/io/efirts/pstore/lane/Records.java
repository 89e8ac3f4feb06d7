// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.lane;

import io.efirts.pstore.record.RecordBuffer;
import java.util.Arrays;

/** Records that tell whether they are whole: each byte says which one it is. */
final class Records {
  static final int BYTES = 128;
  static final RecordBuffer FIRST = record(1);
  static final RecordBuffer SECOND = record(2);
  static final RecordBuffer THIRD = record(3);

  private Records() {}

  private static RecordBuffer record(int part) {
    RecordBuffer record = new RecordBuffer(BYTES);
    Arrays.fill(record.content(), (byte) part);
    record.set(part, part, part, part % 2 == 0, BYTES - part);
    return record;
  }

  /** Which one it is, or "mixed" if it is not all of one. */
  static String tell(RecordBuffer record) {
    return isAllOf(FIRST, record)
        ? "first"
        : isAllOf(SECOND, record) ? "second" : isAllOf(THIRD, record) ? "third" : "mixed";
  }

  private static boolean isAllOf(RecordBuffer expected, RecordBuffer record) {
    int length = expected.length();
    return record.length() == length
        && record.id() == expected.id()
        && CharSequence.compare(record.name(), expected.name()) == 0
        && Arrays.equals(record.content(), 0, length, expected.content(), 0, length);
  }
}

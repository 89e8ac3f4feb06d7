// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.format;

/** The forms a record's name has had; readers accept all of them. */
public enum RecordForm {
  /** {@code dump-type<T>-<part>-<count>-<seconds>-<C|D>}, the one that is written. */
  CURRENT,
  /** {@code dump-type<T>-<part>-<count>-<seconds>}; not compressed. */
  WITHOUT_LETTER,
  /** {@code dump-type<T>-<part>-<seconds>}; not compressed, count 0. */
  WITHOUT_COUNT
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.store;

/** What lies between the last record and the end of a store. */
enum Tail {
  /** All erased: the next record goes there. */
  CLEAN,

  /**
   * Erased but for words that claim a record, left by a writer that was interrupted between them.
   * They can be completed into a record nobody reads.
   */
  CLAIMED,

  /** Anything else: nothing can be appended before the store is reclaimed. */
  DIRTY;

  private static final int ERASED_WORD = 0xFFFF_FFFF;

  /** Looks at a tail; allocates nothing. */
  static Tail of(StoreBytes bytes, long tail, long end, RecordFormat format) {
    if (end - tail < format.headerBytes()) {
      return end <= tail || RecordWalk.isErased(bytes, tail, end) ? CLEAN : DIRTY;
    }
    int header = bytes.getInt(tail);
    int attributes = bytes.getInt(tail + RecordFormat.ATTRIBUTES_OFFSET);
    int nameSize = bytes.getInt(tail + format.nameSizeOffset());
    int dataSize = bytes.getInt(tail + format.dataSizeOffset());
    boolean restErased =
        RecordWalk.isErased(
                bytes, tail + RecordFormat.AUTHENTICATION_OFFSET, tail + format.nameSizeOffset())
            && RecordWalk.isErased(bytes, tail + format.guidOffset(), end);
    if (!restErased) {
      return DIRTY;
    }
    if ((header & attributes & nameSize & dataSize) == ERASED_WORD) {
      return CLEAN;
    }
    long length = format.headerBytes() + sizeOrZero(nameSize) + sizeOrZero(dataSize);
    boolean ours =
        header == ERASED_WORD
            || header == StoreWriter.HEADER_ONLY_WORD
            || header == StoreWriter.GIVEN_UP_WORD;
    return ours && length <= end - tail ? CLAIMED : DIRTY;
  }

  private static long sizeOrZero(int size) {
    return size == ERASED_WORD ? 0 : Integer.toUnsignedLong(size);
  }
}

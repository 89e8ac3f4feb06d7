// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.store;

/** The check of every record when an image is opened; afterwards the walk needs no luck. */
final class RecordValidation {
  private RecordValidation() {}

  /**
   * Walks all records.
   *
   * @param first where the first one starts
   * @param end where the store ends
   * @param maxNameBytes longest name a live record may have
   * @throws NvImageException if a finished record does not fit the store, or a live one has no
   *     proper name
   */
  static void validate(
      StoreBytes bytes, long first, long end, RecordFormat format, long maxNameBytes)
      throws NvImageException {
    long record = first;
    while (RecordWalk.isRecord(bytes, record, end, format)) {
      int state = RecordWalk.stateOf(bytes, record);
      long next = RecordWalk.next(bytes, record, end, format);
      if (next == RecordWalk.STOP) {
        if (RecordState.wasNeverAdded(state)) {
          return;
        }
        throw NvImageException.at(
            "record must end within the store",
            record,
            bytes.getU32(record + format.nameSizeOffset())
                + bytes.getU32(record + format.dataSizeOffset()),
            end - record - format.headerBytes());
      }
      if (RecordState.isLive(state)) {
        validateName(bytes, record, format, maxNameBytes);
      }
      record = next;
    }
  }

  private static void validateName(
      StoreBytes bytes, long record, RecordFormat format, long maxNameBytes)
      throws NvImageException {
    long nameBytes = bytes.getU32(record + format.nameSizeOffset());
    if (nameBytes > maxNameBytes) {
      throw NvImageException.at(
          "name size must be within the limit",
          record + format.nameSizeOffset(),
          nameBytes,
          maxNameBytes);
    }
    if (!RecordWalk.hasSoundName(bytes, record, format)) {
      throw NvImageException.at(
          "name must be UTF-16 with one NUL at its end", record + format.headerBytes());
    }
  }
}

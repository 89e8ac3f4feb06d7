// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.store;

import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.VariableAttributes;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** The fields of a store's records, read in place. */
abstract sealed class RecordFields permits VariableStore {
  private static final ValueLayout.OfChar CHAR16 =
      ValueLayout.JAVA_CHAR_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final StoreBytes bytes;
  private final RecordFormat format;

  RecordFields(StoreBytes bytes, RecordFormat format) {
    this.bytes = bytes;
    this.format = format;
  }

  /**
   * Where the record fields of this store lie.
   *
   * @return the format
   */
  public final RecordFormat format() {
    return format;
  }

  /**
   * The bytes all offsets refer to, for whoever looks at a store from outside: the firmware itself
   * uses {@link #reach}.
   *
   * @return read-only, always the same segment
   */
  public final MemorySegment content() {
    return bytes.content();
  }

  /**
   * The bytes all offsets refer to, after the firmware went to some of them by way of its caller's
   * page tables, if that is how it reaches this store.
   *
   * @param offset where the bytes begin that are about to be read
   * @param lengthBytes how many they are
   * @return {@link #content()}
   * @throws io.efirts.api.memory.FirmwareFault if the tables do not lead there
   */
  public final MemorySegment reach(long offset, long lengthBytes) {
    return bytes.reach(offset, lengthBytes);
  }

  /** The bytes, as the firmware reaches them. */
  final StoreBytes bytes() {
    return bytes;
  }

  /**
   * The state of a record.
   *
   * @param record a record of this store
   * @return the byte, see {@link RecordState}
   */
  public final int state(long record) {
    return RecordWalk.stateOf(bytes, record);
  }

  /**
   * The attributes of a record.
   *
   * @param record a record of this store
   * @return bits of {@link VariableAttributes}
   */
  public final int attributes(long record) {
    return bytes.getInt(record + RecordFormat.ATTRIBUTES_OFFSET);
  }

  /**
   * Where the name of a record lies.
   *
   * @param record a record of this store
   * @return offset in {@link #content()}
   */
  public final long nameOffset(long record) {
    return record + format.headerBytes();
  }

  /**
   * The size of a record's name.
   *
   * @param record a record of this store
   * @return bytes with the NUL
   */
  public final long nameBytes(long record) {
    return bytes.getU32(record + format.nameSizeOffset());
  }

  /**
   * Where the data of a record lies.
   *
   * @param record a record of this store
   * @return offset in {@link #content()}
   */
  public final long dataOffset(long record) {
    return nameOffset(record) + nameBytes(record);
  }

  /**
   * The size of a record's data.
   *
   * @param record a record of this store
   * @return bytes
   */
  public final long dataBytes(long record) {
    return bytes.getU32(record + format.dataSizeOffset());
  }

  /**
   * Half of a record's GUID.
   *
   * @param record a record of this store
   * @return wire bytes 0 to 7
   */
  public final long guidLow(long record) {
    return bytes.getLong(record + format.guidOffset());
  }

  /**
   * Half of a record's GUID.
   *
   * @param record a record of this store
   * @return wire bytes 8 to 15
   */
  public final long guidHigh(long record) {
    return bytes.getLong(record + format.guidOffset() + Long.BYTES);
  }

  /**
   * The name of a live record. Allocates.
   *
   * @param record a record of this store
   * @return the name without its NUL
   */
  public final String name(long record) {
    // Not by way of a charset: names may hold unpaired surrogates.
    return new String(
        content().asSlice(nameOffset(record), nameBytes(record) - Character.BYTES).toArray(CHAR16));
  }

  /**
   * The GUID of a record. Allocates.
   *
   * @param record a record of this store
   * @return the GUID
   */
  public final EfiGuid guid(long record) {
    return new EfiGuid(guidLow(record), guidHigh(record));
  }

  /**
   * A copy of a record's data. Allocates.
   *
   * @param record a record of this store
   * @return the data
   */
  public final byte[] data(long record) {
    return content().asSlice(dataOffset(record), dataBytes(record)).toArray(ValueLayout.JAVA_BYTE);
  }
}

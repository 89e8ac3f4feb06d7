// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.store;

import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spi.NvStorage;
import java.lang.foreign.MemorySegment;

/**
 * The header of a variable store, 28 bytes: GUID, u32 size with this header, u8 format, u8 state, 6
 * zero bytes.
 */
final class StoreHeader {
  private static final int SIZE_OFFSET = 16;
  private static final int FORMAT_OFFSET = 20;
  private static final int STATE_OFFSET = 21;
  private static final int FORMATTED = 0x5A;
  private static final int HEALTHY = 0xFE;

  private StoreHeader() {}

  /**
   * Checks the header.
   *
   * @return the format of the store's records
   */
  static RecordFormat validate(MemorySegment content, long offset, NvLayout layout)
      throws NvImageException {
    RecordFormat format = formatOf(content, offset);
    requireEqual(
        "variable store size must be the layout's",
        offset + SIZE_OFFSET,
        LittleEndian.getU32(content, offset + SIZE_OFFSET),
        layout.storeBytes());
    requireEqual(
        "variable store must be formatted",
        offset + FORMAT_OFFSET,
        LittleEndian.getU8(content, offset + FORMAT_OFFSET),
        FORMATTED);
    requireEqual(
        "variable store must be healthy",
        offset + STATE_OFFSET,
        LittleEndian.getU8(content, offset + STATE_OFFSET),
        HEALTHY);
    return format;
  }

  private static RecordFormat formatOf(MemorySegment content, long offset) throws NvImageException {
    for (RecordFormat format : RecordFormat.values()) {
      if (format.storeGuid().matches(content, offset)) {
        return format;
      }
    }
    throw new NvImageException(
        "variable store GUID must be known: at=0x"
            + Long.toHexString(offset)
            + ", found="
            + EfiGuid.read(content, offset)
            + ", expected="
            + RecordFormat.AUTHENTICATED.storeGuid()
            + " or "
            + RecordFormat.PLAIN.storeGuid());
  }

  private static void requireEqual(String rule, long offset, long found, long expected)
      throws NvImageException {
    if (found != expected) {
      throw NvImageException.at(rule, offset, found, expected);
    }
  }

  /** The header's bytes. */
  static MemorySegment bytes(long storeBytes, RecordFormat format) {
    MemorySegment header = MemorySegment.ofArray(new byte[VariableStore.HEADER_BYTES]);
    format.storeGuid().write(header, 0);
    LittleEndian.putInt(header, SIZE_OFFSET, (int) storeBytes);
    LittleEndian.put8(header, FORMAT_OFFSET, FORMATTED);
    LittleEndian.put8(header, STATE_OFFSET, HEALTHY);
    return header;
  }

  /** Makes an empty store of these bytes. */
  static void format(NvStorage storage, long offset, long storeBytes, RecordFormat format) {
    MemorySegment erased =
        MemorySegment.ofArray(new byte[(int) (storeBytes - VariableStore.HEADER_BYTES)]);
    erased.fill((byte) 0xFF);
    storage.write(offset, bytes(storeBytes, format), 0, VariableStore.HEADER_BYTES);
    storage.write(offset + VariableStore.HEADER_BYTES, erased, 0, erased.byteSize());
  }
}

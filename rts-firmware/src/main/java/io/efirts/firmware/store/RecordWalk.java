// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.store;

import java.lang.foreign.MemorySegment;

/**
 * Steps from record to record over bytes that may be anything. Allocates nothing, always ends: each
 * step goes forward by a header at least, and never past the end.
 */
final class RecordWalk {
  /** The record cannot be stepped over. */
  static final long STOP = -1;

  private static final int STATE_OFFSET = 2;
  private static final int UNWRITTEN = 0xFFFF_FFFF;

  private RecordWalk() {}

  /** Whether a header starts here and lies before the end. */
  static boolean isRecord(StoreBytes bytes, long offset, long end, RecordFormat format) {
    return end - offset >= format.headerBytes() && bytes.getU16(offset) == RecordFormat.START_ID;
  }

  /**
   * Where the next header starts, or the free space.
   *
   * @param offset a place for which {@link #isRecord} holds
   * @return the offset, or {@link #STOP} if the sizes are missing or lead past the end
   */
  static long next(StoreBytes bytes, long offset, long end, RecordFormat format) {
    // One way to the whole header: this is done for each record of every search.
    MemorySegment content = bytes.reach(offset, format.headerBytes());
    if (stateOf(content, offset) == RecordState.ERASED) {
      // EDK2 steps over such a header alone, and appends there if the rest is erased. Only a record
      // that is whole but for its state is stepped over by its sizes.
      return hasSizes(content, offset, format)
              && fits(content, offset, end, format)
              && hasSoundName(bytes, offset, format)
          ? offset + recordBytes(content, offset, format)
          : align(offset + format.headerBytes());
    }
    return hasSizes(content, offset, format) && fits(content, offset, end, format)
        ? offset + recordBytes(content, offset, format)
        : STOP;
  }

  static int stateOf(StoreBytes bytes, long offset) {
    return stateOf(bytes.reach(offset + STATE_OFFSET, Byte.BYTES), offset);
  }

  private static int stateOf(MemorySegment content, long offset) {
    return LittleEndian.getU8(content, offset + STATE_OFFSET);
  }

  /**
   * Whether attributes and sizes were written; EDK2 reads the sizes as 0 if one of them was not.
   */
  private static boolean hasSizes(MemorySegment content, long offset, RecordFormat format) {
    return LittleEndian.getInt(content, offset + RecordFormat.ATTRIBUTES_OFFSET) != UNWRITTEN
        && LittleEndian.getInt(content, offset + format.nameSizeOffset()) != UNWRITTEN
        && LittleEndian.getInt(content, offset + format.dataSizeOffset()) != UNWRITTEN;
  }

  private static boolean fits(MemorySegment content, long offset, long end, RecordFormat format) {
    long name = LittleEndian.getU32(content, offset + format.nameSizeOffset());
    long data = LittleEndian.getU32(content, offset + format.dataSizeOffset());
    return format.headerBytes() + name + data <= end - offset;
  }

  /** Whether the name is UTF-16 code units with exactly one NUL, at its end. */
  static boolean hasSoundName(StoreBytes bytes, long offset, RecordFormat format) {
    long nameBytes = bytes.getU32(offset + format.nameSizeOffset());
    long name = offset + format.headerBytes();
    if (nameBytes < Character.BYTES || nameBytes % Character.BYTES != 0) {
      return false;
    }
    long nul = 0;
    while (nul < nameBytes && bytes.getU16(name + nul) != 0) {
      nul += Character.BYTES;
    }
    return nul == nameBytes - Character.BYTES;
  }

  static boolean isErased(StoreBytes bytes, long from, long to) {
    long offset = from;
    for (; to - offset >= Long.BYTES; offset += Long.BYTES) {
      if (bytes.getLong(offset) != -1) {
        return false;
      }
    }
    for (; offset < to; offset++) {
      if (bytes.getU8(offset) != 0xFF) {
        return false;
      }
    }
    return true;
  }

  private static long recordBytes(MemorySegment content, long offset, RecordFormat format) {
    return format.recordBytes(
        LittleEndian.getU32(content, offset + format.nameSizeOffset()),
        LittleEndian.getU32(content, offset + format.dataSizeOffset()));
  }

  private static long align(long offset) {
    return (offset + 3) & -4;
  }
}

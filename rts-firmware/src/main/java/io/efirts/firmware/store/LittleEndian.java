// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.store;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Little-endian fields of an image, at any alignment. Allocates nothing. */
final class LittleEndian {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private LittleEndian() {}

  static int getU8(MemorySegment memory, long offset) {
    return Byte.toUnsignedInt(memory.get(ValueLayout.JAVA_BYTE, offset));
  }

  static int getU16(MemorySegment memory, long offset) {
    return Short.toUnsignedInt(memory.get(SHORT, offset));
  }

  static int getInt(MemorySegment memory, long offset) {
    return memory.get(INT, offset);
  }

  static long getU32(MemorySegment memory, long offset) {
    return Integer.toUnsignedLong(memory.get(INT, offset));
  }

  static long getLong(MemorySegment memory, long offset) {
    return memory.get(LONG, offset);
  }

  static void put8(MemorySegment memory, long offset, int value) {
    memory.set(ValueLayout.JAVA_BYTE, offset, (byte) value);
  }

  static void put16(MemorySegment memory, long offset, int value) {
    memory.set(SHORT, offset, (short) value);
  }

  static void putInt(MemorySegment memory, long offset, int value) {
    memory.set(INT, offset, value);
  }

  static void putLong(MemorySegment memory, long offset, long value) {
    memory.set(LONG, offset, value);
  }
}

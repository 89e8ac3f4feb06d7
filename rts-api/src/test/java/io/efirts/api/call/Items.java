// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.call;

import io.efirts.api.flat.FlatFirmwareContext;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.HexFormat;

/** Work items for tests, and their bytes. */
final class Items {
  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Where the item lies for the firmware, and elsewhere in physical memory. */
  static final long FIRMWARE_ADDRESS = 0xFFFF_FFFF_0000_0000L;

  static final long PHYSICAL_ADDRESS = 0x1_0000_0000L;

  private Items() {}

  static RuntimeCall ofBytes(int sizeBytes) {
    return new RuntimeCall(
        MemorySegment.ofArray(new byte[sizeBytes]), FIRMWARE_ADDRESS, PHYSICAL_ADDRESS);
  }

  /** What firmware receives. */
  static CallFrame unpack(RuntimeCall call) {
    CallFrame frame = new CallFrame(new FlatFirmwareContext(4096).memory());
    frame.load(call);
    return frame;
  }

  static String hex(RuntimeCall call, long offset, int length) {
    byte[] bytes = call.item().asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
    return HexFormat.of().formatHex(bytes);
  }

  static long wordAt(RuntimeCall call, int index) {
    return call.item().get(LONG, CallLayout.WORDS_OFFSET + 8L * index);
  }

  static MemorySegment bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return MemorySegment.ofArray(bytes);
  }
}

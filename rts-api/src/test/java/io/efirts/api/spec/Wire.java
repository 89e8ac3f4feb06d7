// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.HexFormat;

/** Memory for tests, and its bytes as hex. */
final class Wire {
  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Wire() {}

  static MemorySegment memory(int sizeBytes) {
    return MemorySegment.ofArray(new byte[sizeBytes]);
  }

  static MemorySegment memory(String hex) {
    return MemorySegment.ofArray(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  static String hex(MemorySegment memory) {
    return HexFormat.of().formatHex(memory.toArray(ValueLayout.JAVA_BYTE));
  }
}

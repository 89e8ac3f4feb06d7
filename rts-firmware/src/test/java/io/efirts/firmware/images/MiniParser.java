// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.images;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A second, plain reader of OVMF images with authenticated records. It shares no code with the
 * store it is there to check.
 */
public final class MiniParser {
  /** One record: where it is, its state byte and its fields. */
  public record Entry(
      int offset, int state, int attributes, String name, String guidHex, byte[] data, int end) {}

  private MiniParser() {}

  public static List<Entry> records(byte[] image) {
    ByteBuffer b = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
    int end = 0x48 + b.getInt(0x58);
    List<Entry> entries = new ArrayList<>();
    int at = 0x64;
    while (at + 60 <= end && (b.getShort(at) & 0xFFFF) == 0x55AA) {
      int nameSize = b.getInt(at + 36);
      int dataSize = b.getInt(at + 40);
      StringBuilder guid = new StringBuilder();
      for (int i = 0; i < 16; i++) {
        guid.append(String.format("%02x", image[at + 44 + i]));
      }
      StringBuilder name = new StringBuilder();
      for (int i = 0; i < nameSize - 2; i += 2) {
        name.append(b.getChar(at + 60 + i));
      }
      byte[] data = new byte[dataSize];
      System.arraycopy(image, at + 60 + nameSize, data, 0, dataSize);
      int unaligned = at + 60 + nameSize + dataSize;
      int next = unaligned % 4 == 0 ? unaligned : unaligned + 4 - unaligned % 4;
      entries.add(
          new Entry(
              at,
              image[at + 2] & 0xFF,
              b.getInt(at + 4),
              name.toString(),
              guid.toString(),
              data,
              next));
      at = next;
    }
    return entries;
  }

  /** The value of each variable: ADDED, else the last one in deleted transition. */
  public static Map<String, Entry> values(byte[] image) {
    Map<String, Entry> values = new LinkedHashMap<>();
    for (Entry entry : records(image)) {
      String key = entry.name() + "-" + entry.guidHex();
      Entry known = values.get(key);
      boolean better = known == null || known.state() != 0x3F;
      if ((entry.state() == 0x3F || entry.state() == 0x3E) && better) {
        values.put(key, entry);
      }
    }
    return values;
  }
}

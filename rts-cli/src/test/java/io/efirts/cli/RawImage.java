// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Reads the records of an NVRAM image straight from its bytes, by the format's description and
 * without a line of the code under test: authenticated headers of 60 bytes from offset 0x64 on,
 * each starting at a multiple of 4.
 */
final class RawImage {
  private static final int FIRST_RECORD = 0x64;
  private static final int HEADER_BYTES = 60;

  /** One record in whatever state. */
  record Variable(int offset, int state, String name, String guid, int attributes, byte[] data) {
    /** Live: the value a reader sees. */
    boolean live() {
      return state == 0x3F;
    }

    /** What it takes of the store, padding included. */
    int alignedBytes() {
      return (HEADER_BYTES + 2 * name.length() + 2 + data.length + 3) / 4 * 4;
    }

    /** The form in which the command's JSON tells of it. */
    String line() {
      return name + " " + guid + " " + attributes + " " + data.length;
    }
  }

  private RawImage() {}

  static List<Variable> read(Path file) throws IOException {
    ByteBuffer image = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int end = 0x48 + image.getInt(0x48 + 16);
    List<Variable> variables = new ArrayList<>();
    int at = FIRST_RECORD;
    while (at + HEADER_BYTES <= end && image.getShort(at) == 0x55AA) {
      int nameBytes = image.getInt(at + 36);
      int dataBytes = image.getInt(at + 40);
      int name = at + HEADER_BYTES;
      byte[] data = new byte[dataBytes];
      image.get(name + nameBytes, data);
      byte[] text = new byte[nameBytes - 2];
      image.get(name, text);
      variables.add(
          new Variable(
              at,
              image.get(at + 2) & 0xFF,
              new String(text, StandardCharsets.UTF_16LE),
              guid(image, at + 44),
              image.getInt(at + 4),
              data));
      at = (name + nameBytes + dataBytes + 3) / 4 * 4;
    }
    return variables;
  }

  private static String guid(ByteBuffer image, int at) {
    byte[] tail = new byte[8];
    image.get(at + 8, tail);
    String hex = HexFormat.of().formatHex(tail);
    return String.format(
        "%08x-%04x-%04x-%s-%s",
        image.getInt(at),
        image.getShort(at + 4) & 0xFFFF,
        image.getShort(at + 6) & 0xFFFF,
        hex.substring(0, 4),
        hex.substring(4));
  }
}

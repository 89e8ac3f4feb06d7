// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads crash records out of the bytes of an OVMF image. Knows the formats from their descriptions;
 * shares no code with what writes them.
 */
final class RawDumpDecoder {
  private static final int STORE_HEADER = 0x48;
  private static final int FIRST_RECORD = STORE_HEADER + 28;
  private static final int RECORD_HEADER = 60;
  private static final int ADDED = 0x3F;
  private static final byte[] GUID = HexFormat.of().parseHex("79fcc8cf2ebedc4d97f09f98bfe298a0");

  /** A record's number in the dump, and its text. */
  record Part(int part, int count, String text) {}

  private RawDumpDecoder() {}

  /** Every crash record that counts, in the order of the store. */
  static List<Part> parts(byte[] image) throws DataFormatException {
    ByteBuffer bytes = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
    int end = STORE_HEADER + bytes.getInt(STORE_HEADER + 16);
    List<Part> parts = new ArrayList<>();
    int at = FIRST_RECORD;
    while (at + RECORD_HEADER <= end && bytes.getShort(at) == 0x55AA) {
      int nameBytes = bytes.getInt(at + 36);
      int dataBytes = bytes.getInt(at + 40);
      int name = at + RECORD_HEADER;
      boolean counts = (bytes.get(at + 2) & 0xFF) == ADDED;
      if (counts && Arrays.equals(image, at + 44, at + 60, GUID, 0, GUID.length)) {
        String text = new String(image, name, nameBytes - 2, StandardCharsets.UTF_16LE);
        byte[] data = new byte[dataBytes];
        bytes.get(name + nameBytes, data);
        parts.add(part(text, data));
      }
      at = (name + nameBytes + dataBytes + 3) & ~3;
    }
    return parts;
  }

  private static Part part(String name, byte[] data) throws DataFormatException {
    String[] fields = name.split("-");
    byte[] text = fields[5].equals("C") ? inflate(data) : data;
    return new Part(
        Integer.parseInt(fields[2]),
        Integer.parseInt(fields[3]),
        new String(text, StandardCharsets.UTF_8));
  }

  private static byte[] inflate(byte[] data) throws DataFormatException {
    Inflater inflater = new Inflater(true);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[256];
    inflater.setInput(data);
    while (!inflater.finished()) {
      int length = inflater.inflate(buffer);
      if (length == 0 && inflater.needsInput()) {
        throw new DataFormatException("stream ends early");
      }
      out.write(buffer, 0, length);
    }
    inflater.end();
    return out.toByteArray();
  }

  /** The log of a dump: its parts from the last to the first, each without its first line. */
  static String log(List<Part> parts, int count, String reason) {
    StringBuilder log = new StringBuilder();
    parts.stream()
        .filter(part -> part.count() == count)
        .sorted(Comparator.comparingInt(Part::part).reversed())
        .forEach(
            part -> {
              String header = reason + "#" + count + " Part" + part.part() + "\n";
              if (!part.text().startsWith(header)) {
                throw new AssertionError("part must begin with " + header + ": " + part);
              }
              log.append(part.text().substring(header.length()));
            });
    return log.toString();
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import java.io.PrintWriter;

/** Bytes as people read them: offset, 16 bytes in hex, the same as ASCII. */
final class HexDump {
  private static final int BYTES_PER_LINE = 16;

  private HexDump() {}

  static void print(PrintWriter out, byte[] bytes) {
    for (int start = 0; start < bytes.length; start += BYTES_PER_LINE) {
      StringBuilder hex = new StringBuilder();
      StringBuilder ascii = new StringBuilder();
      for (int i = start; i < Math.min(start + BYTES_PER_LINE, bytes.length); i++) {
        hex.append(String.format(" %02x", bytes[i]));
        ascii.append(bytes[i] >= ' ' && bytes[i] < 0x7F ? (char) bytes[i] : '.');
      }
      out.printf("%08x %-48s  |%s|%n", start, hex, ascii);
    }
  }
}

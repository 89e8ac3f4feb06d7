// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.read;

import io.efirts.pstore.format.PartHeader;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A log that is put together from parts, the oldest first. */
final class RebuiltLog {
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private boolean inLine;

  /** Appends the parts of a dump, given by rising part number. */
  RebuiltLog append(List<CrashRecord> parts) {
    // Numbers go up to the largest int.
    long expected = parts.getLast().name().part();
    for (CrashRecord record : parts.reversed()) {
      long part = record.name().part();
      appendMissing(part + 1, expected);
      appendPart(part, record.content());
      expected = part - 1;
    }
    appendMissing(1, expected);
    return this;
  }

  byte[] toByteArray() {
    return log.toByteArray();
  }

  private void appendPart(long part, RecordContent content) {
    if (!content.isDecoded()) {
      appendNotice("part " + part + " cannot be decoded");
      return;
    }
    byte[] text = content.bytes();
    PartHeader header = PartHeader.parse(text);
    int start = header == null ? 0 : header.lengthBytes();
    // Without a break between them: a line longer than a part goes on in the next one.
    appendBytes(text, start);
  }

  private void appendMissing(long first, long last) {
    if (first == last) {
      appendNotice("part " + first + " is missing");
    } else if (first < last) {
      appendNotice("parts " + first + " to " + last + " are missing");
    }
  }

  private void appendNotice(String notice) {
    appendBytes(((inLine ? "\n[" : "[") + notice + "]\n").getBytes(StandardCharsets.US_ASCII), 0);
  }

  private void appendBytes(byte[] bytes, int start) {
    if (start < bytes.length) {
      log.write(bytes, start, bytes.length - start);
      inLine = bytes[bytes.length - 1] != '\n';
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.pstore.codec.PartInflater;
import io.efirts.pstore.format.PartHeader;
import io.efirts.pstore.format.RecordName;
import io.efirts.pstore.record.RecordBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A sink that keeps the records of one dump, and refuses some. */
final class WrittenParts implements RecordSink {
  private static final int LARGEST_PART = 1 << 20;

  /**
   * A record as it was handed over.
   *
   * @param name its name
   * @param stored its content
   */
  record Part(RecordName name, byte[] stored) {
    /** The content, inflated. */
    byte[] content() {
      if (!name.compressed()) {
        return stored;
      }
      try (PartInflater inflater = new PartInflater(LARGEST_PART)) {
        return inflater.inflate(stored).orElseThrow();
      }
    }

    PartHeader header() {
      return PartHeader.parse(content());
    }

    /** The piece of the log. */
    String text() {
      byte[] content = content();
      int start = header().lengthBytes();
      return new String(content, start, content.length - start, StandardCharsets.ISO_8859_1);
    }
  }

  private final int refusedPart;
  private final List<Part> parts = new ArrayList<>();

  WrittenParts() {
    this(-1);
  }

  WrittenParts(int refusedPart) {
    this.refusedPart = refusedPart;
  }

  @Override
  public boolean take(RecordBuffer record) {
    RecordName name = RecordName.parse(record.name().toString());
    assertEquals(name.id(), record.id());
    assertEquals(name.compressed(), record.compressed());
    assertTrue(record.length() <= record.content().length, () -> "length=" + record.length());
    byte[] stored = new byte[record.length()];
    System.arraycopy(record.content(), 0, stored, 0, stored.length);
    parts.add(new Part(name, stored));
    return name.part() != refusedPart;
  }

  List<Part> parts() {
    return parts;
  }

  int storedBytes() {
    return parts.stream().mapToInt(part -> part.stored.length).sum();
  }

  /** What the parts say together, the oldest first. */
  String text() {
    return String.join("", parts.reversed().stream().map(Part::text).toList());
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore;

import io.efirts.pstore.log.KmsgSlice;
import io.efirts.pstore.log.KmsgSource;
import java.nio.charset.StandardCharsets;

/** A log that is all there: positions are offsets in its text. */
final class TextLog implements KmsgSource {
  private final byte[] text;

  TextLog(String text) {
    this.text = text.getBytes(StandardCharsets.UTF_8);
  }

  /** A log of numbered lines. */
  static TextLog ofLines(int lines) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < lines; i++) {
      text.append("<6>[    0.").append(String.format("%06d", i)).append("] line ").append(i);
      text.append(" hash ").append(Integer.toHexString(i * 0x9E3779B1)).append('\n');
    }
    return new TextLog(text.toString());
  }

  String text() {
    return new String(text, StandardCharsets.UTF_8);
  }

  @Override
  public long end() {
    return text.length;
  }

  @Override
  public void sliceBefore(long position, int limitBytes, KmsgSlice slice) {
    int end = (int) position;
    int start = Math.max(0, end - limitBytes);
    if (start > 0) {
      // Forward to the beginning of a line, unless there is none before the end.
      int line = start;
      while (line < end && text[line - 1] != '\n') {
        line++;
      }
      start = line < end ? line : start;
    }
    System.arraycopy(text, start, slice.buffer(), slice.offset(), end - start);
    slice.set(end - start, start);
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.log;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** A log that is complete: an array, whose offsets are the positions. */
final class ArrayKmsgSource implements KmsgSource {
  private final byte[] log;

  ArrayKmsgSource(List<String> lines) {
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line).append('\n'));
    log = text.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public long end() {
    return log.length;
  }

  @Override
  public void sliceBefore(long position, int limitBytes, KmsgSlice slice) {
    int end = (int) position;
    int start = end;
    while (start > 0) {
      int previous = lineBefore(start);
      if (end - previous > limitBytes) {
        start = start == end ? end - limitBytes : start;
        break;
      }
      start = previous;
    }
    System.arraycopy(log, start, slice.buffer(), slice.offset(), end - start);
    slice.set(end - start, start);
  }

  private int lineBefore(int end) {
    int start = end - 1;
    while (start > 0 && log[start - 1] != '\n') {
      start--;
    }
    return start;
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.write;

import io.efirts.pstore.log.KmsgSlice;
import io.efirts.pstore.log.KmsgSource;
import java.nio.charset.StandardCharsets;

/** A log whose positions are offsets in a text of one byte for each character. */
class ByteLog implements KmsgSource {
  private final byte[] text;

  ByteLog(String text) {
    this.text = text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public long end() {
    return text.length;
  }

  @Override
  public void sliceBefore(long position, int limitBytes, KmsgSlice slice) {
    int end = (int) position;
    int start = Math.max(0, end - limitBytes);
    System.arraycopy(text, start, slice.buffer(), slice.offset(), end - start);
    slice.set(end - start, start);
  }
}

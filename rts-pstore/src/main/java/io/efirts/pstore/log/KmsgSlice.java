// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.log;

/** A buffer for one slice of a log, made beforehand and used by one thread at a time. */
public final class KmsgSlice {
  private final byte[] buffer;
  private final int offset;
  private int length;
  private long start;

  /**
   * An empty slice over a part of a buffer.
   *
   * @param buffer where the bytes go
   * @param offset where in it they begin; all behind it is the slice's room
   */
  public KmsgSlice(byte[] buffer, int offset) {
    if (offset < 0 || offset >= buffer.length) {
      throw new IllegalArgumentException(
          "offset must be within the buffer: offset=" + offset + ", length=" + buffer.length);
    }
    this.buffer = buffer;
    this.offset = offset;
  }

  /**
   * The buffer.
   *
   * @return the same array always
   */
  public byte[] buffer() {
    return buffer;
  }

  /**
   * Where the bytes begin.
   *
   * @return offset in the buffer
   */
  public int offset() {
    return offset;
  }

  /**
   * How many bytes there can be.
   *
   * @return at least 1
   */
  public int room() {
    return buffer.length - offset;
  }

  /**
   * How many bytes there are.
   *
   * @return 0 if the log has nothing before the position asked for
   */
  public int length() {
    return length;
  }

  /**
   * Where the next slice ends: the position of the first byte, or one below it with nothing that
   * can be had between the two.
   *
   * @return what to ask for next
   */
  public long start() {
    return start;
  }

  /**
   * Tells what was copied.
   *
   * @param newLength how many bytes
   * @param newStart where the next slice ends
   */
  public void set(int newLength, long newStart) {
    length = newLength;
    start = newStart;
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.codec;

import java.util.Objects;
import java.util.zip.Deflater;

/**
 * Compresses parts of a log to raw deflate streams, each complete in itself (RFC 1951).
 *
 * <p>No match reaches back more than {@value #WINDOW_BYTES} bytes: Linux up to 6.5 inflates with a
 * window of that size.
 *
 * <p>Made beforehand. One thread at a time may use it: it enters a monitor of the JDK's that is
 * free unless another thread is inside, so whoever must not wait needs one of its own. {@link
 * #compress} allocates nothing and does not log. Its memory outside the heap is freed by {@link
 * #close}.
 */
public final class PartCompressor implements AutoCloseable {
  /** How far back a match may reach. */
  public static final int WINDOW_BYTES = 2048;

  private static final int SOURCE_PERCENT = 100;
  private static final int STORED_PERCENT = 60;
  private static final int DOES_NOT_FIT = -1;

  private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
  private final byte[] spare = new byte[1];
  private boolean closed;

  /** A compressor for any number of parts. */
  public PartCompressor() {}

  /**
   * How much text Linux tries to compress into one record: it expects to save 40 percent.
   *
   * @param recordBytes size of a record, at least 0
   * @return 100/60 of it, rounded down
   */
  public static int sourceBytes(int recordBytes) {
    return (int) ((long) recordBytes * SOURCE_PERCENT / STORED_PERCENT);
  }

  /**
   * Compresses bytes, all or none.
   *
   * @param source has the text
   * @param offset where in the source it begins
   * @param length how long it is
   * @param target receives the stream from its beginning on; must not be the source. What does not
   *     fit leaves bytes there too.
   * @param limit how many bytes of the target may be used
   * @return how long the stream is; -1 if it does not fit
   * @throws IndexOutOfBoundsException if source or target is smaller
   * @throws IllegalStateException after {@link #close}
   */
  public int compress(byte[] source, int offset, int length, byte[] target, int limit) {
    if (closed) {
      throw new IllegalStateException("compressor must be open: closed=true");
    }
    Objects.checkFromIndexSize(offset, length, source.length);
    Objects.checkFromIndexSize(0, limit, target.length);
    deflater.reset();
    int used = 0;
    int done = 0;
    // A full flush forgets what came before it, so a match stays within its chunk.
    while (length - done > WINDOW_BYTES) {
      deflater.setInput(source, offset + done, WINDOW_BYTES);
      used += deflater.deflate(target, used, limit - used, Deflater.FULL_FLUSH);
      if (used == limit) {
        return DOES_NOT_FIT;
      }
      done += WINDOW_BYTES;
    }
    deflater.setInput(source, offset + done, length - done);
    deflater.finish();
    used += deflater.deflate(target, used, limit - used, Deflater.NO_FLUSH);
    return isAllOut() ? used : DOES_NOT_FIT;
  }

  /** A deflater that has just filled its target tells that it is done only if offered more room. */
  private boolean isAllOut() {
    return deflater.finished()
        || (deflater.deflate(spare, 0, spare.length, Deflater.NO_FLUSH) == 0
            && deflater.finished());
  }

  /** Frees the memory outside the heap. Again: does nothing. */
  @Override
  public void close() {
    closed = true;
    deflater.end();
  }
}

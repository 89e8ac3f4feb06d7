// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.codec;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads the raw deflate streams that records hold, whoever wrote them: a stream that is damaged,
 * cut off or grows beyond the limit is not decoded, and none makes it take more memory than the
 * limit.
 *
 * <p>For readers, not for the crash path: allocates. One thread at a time may use it. Its memory
 * outside the heap is freed by {@link #close}.
 */
public final class PartInflater implements AutoCloseable {
  private final Inflater inflater = new Inflater(true);
  private final byte[] buffer;
  private boolean closed;

  /**
   * An inflater for any number of parts.
   *
   * @param limitBytes how large a decoded part may be, at least 1
   * @throws IllegalArgumentException if less
   */
  public PartInflater(int limitBytes) {
    if (limitBytes < 1) {
      throw new IllegalArgumentException("limitBytes must be at least 1: limitBytes=" + limitBytes);
    }
    // One byte more: an inflater ends a stream of the limit's size only if offered room behind it.
    buffer = new byte[limitBytes + 1];
  }

  /**
   * Decodes one part. Bytes behind the end of the stream are ignored, as Linux does.
   *
   * @param stored the record's value
   * @return the text; empty if the value cannot be decoded, or not within the limit
   * @throws IllegalStateException after {@link #close}
   */
  public Optional<byte[]> inflate(byte[] stored) {
    Objects.requireNonNull(stored, "stored");
    if (closed) {
      throw new IllegalStateException("inflater must be open: closed=true");
    }
    inflater.reset();
    inflater.setInput(stored);
    try {
      int length = 0;
      int step;
      do {
        step = inflater.inflate(buffer, length, buffer.length - length);
        length += step;
      } while (step > 0 && !inflater.finished() && length < buffer.length);
      return inflater.finished() && length < buffer.length
          ? Optional.of(Arrays.copyOf(buffer, length))
          : Optional.empty();
    } catch (DataFormatException e) {
      return Optional.empty();
    }
  }

  /** Frees the memory outside the heap. Again: does nothing. */
  @Override
  public void close() {
    closed = true;
    inflater.end();
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.linearizability;

import io.efirts.api.Outcome;

/**
 * {@link Counters} behind a dispatcher, for one thread: calls are made at once, until the close.
 * The operations are those of {@link CountersOperations}.
 */
public final class CountersModel {
  private final long[] values = new long[2];
  private boolean closed;

  /** Two variables that are 0. */
  public CountersModel() {}

  public Answer get(int key) {
    return closed ? Answer.CLOSED : new Answer(Outcome.COMPLETED, values[key]);
  }

  public Answer getInTime(int key) {
    return get(key);
  }

  public Answer set(int key, int value) {
    return write(key, value);
  }

  public Answer append(int key, int value) {
    return write(key, values[key] + value);
  }

  public Answer appendAtOnce(int key, int value) {
    return append(key, value);
  }

  private Answer write(int key, long value) {
    if (closed) {
      return Answer.CLOSED;
    }
    values[key] = value;
    return Answer.WRITTEN;
  }

  public Answer reset() {
    if (closed) {
      return Answer.CLOSED;
    }
    values[0] = 0;
    values[1] = 0;
    return Answer.WRITTEN;
  }

  public void close() {
    closed = true;
  }
}

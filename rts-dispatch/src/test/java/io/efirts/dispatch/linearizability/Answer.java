// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.linearizability;

import io.efirts.api.Outcome;

/**
 * What a caller got. A caller that did not wait for the end of its reading may have left at any
 * time, so TIMED_OUT is as good as any other answer; this is not transitive, and is used only to
 * compare one answer of the dispatcher with one of the model. The hash tells them apart, lest a
 * cache of verified answers takes one for the other.
 */
final class Answer {
  static final Answer CLOSED = new Answer(Outcome.CLOSED, 0);
  static final Answer WRITTEN = new Answer(Outcome.COMPLETED, 0);

  private final Outcome outcome;
  private final long value;

  Answer(Outcome outcome, long value) {
    this.outcome = outcome;
    this.value = value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Answer that
        && (outcome == Outcome.TIMED_OUT
            || that.outcome == Outcome.TIMED_OUT
            || outcome == that.outcome && value == that.value);
  }

  @Override
  public int hashCode() {
    return 31 * outcome.ordinal() + Long.hashCode(value);
  }

  @Override
  public String toString() {
    return outcome + " " + value;
  }
}

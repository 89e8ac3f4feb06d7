// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.step;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/** Counts towards an occurrence. For any thread; allocates nothing. */
final class OccurrenceCounter<S extends Enum<S>> {
  private final Occurrence<S> occurrence;
  private final AtomicLong made = new AtomicLong();

  OccurrenceCounter(Occurrence<S> occurrence) {
    this.occurrence = Objects.requireNonNull(occurrence, "occurrence");
  }

  /** Counts a step of the current thread; true for the one step that is the occurrence. */
  boolean isNow(S step) {
    return counts(step) && made.incrementAndGet() == occurrence.number();
  }

  /** Counts a step of the current thread; true for the occurrence and every later such step. */
  boolean isNowOrPast(S step) {
    return counts(step) && made.incrementAndGet() >= occurrence.number();
  }

  private boolean counts(S step) {
    return step == occurrence.step() && occurrence.threads().test(Thread.currentThread());
  }
}

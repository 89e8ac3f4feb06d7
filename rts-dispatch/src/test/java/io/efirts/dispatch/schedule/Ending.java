// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.schedule;

import io.efirts.api.Outcome;
import java.util.EnumSet;
import java.util.Set;

/** What befalls the calls of a schedule, and which outcomes it excuses beyond the ordinary ones. */
enum Ending {
  /** A memory fault inside firmware. */
  FAULT(Outcome.FAULTED, Outcome.DISABLED),
  /** A call stays inside beyond its service's limit, or nearly so. */
  HANG(Outcome.DISABLED),
  /** A call stays inside beyond its caller's deadline and then returns and writes. */
  LATE_RETURN(),
  /** An exception inside firmware. */
  EXCEPTION(Outcome.FAULTED, Outcome.DISABLED),
  /** An error inside firmware, or anywhere on the way of the thread that makes the calls. */
  ERROR(Outcome.FAULTED, Outcome.DISABLED),
  /** Waiting callers are interrupted. */
  INTERRUPT(Outcome.INTERRUPTED),
  /** The dispatcher is closed. */
  CLOSE(Outcome.CLOSED),
  /** A panicking thread takes the firmware over. */
  EMERGENCY(Outcome.EMERGENCY),
  /** The worker's thread ends; where embedders pump there is none. */
  WORKER_DEATH(Outcome.FAULTED, Outcome.DISABLED);

  private final Set<Outcome> excused = EnumSet.noneOf(Outcome.class);

  Ending(Outcome... excused) {
    this.excused.addAll(Set.of(excused));
  }

  boolean excuses(Outcome outcome) {
    return excused.contains(outcome);
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.lockstep;

/** A schedule that went wrong; the message tells how, the seed and the order. */
public final class ScheduleFailure extends AssertionError {
  private static final long serialVersionUID = 1L;

  /** The turns up to the failure. */
  private final transient Schedule schedule;

  ScheduleFailure(String what, Schedule schedule, Throwable cause) {
    super("schedule failed: " + what + "; " + schedule, cause);
    this.schedule = schedule;
  }

  /**
   * The order that was taken up to the failure.
   *
   * @return the schedule, null if this was deserialized
   */
  public Schedule schedule() {
    return schedule;
  }
}

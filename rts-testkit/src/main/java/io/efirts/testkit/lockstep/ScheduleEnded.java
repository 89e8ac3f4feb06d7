// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.lockstep;

/** Ends an actor whose schedule has failed, so that its thread can be used again. */
final class ScheduleEnded extends Error {
  private static final long serialVersionUID = 1L;

  ScheduleEnded() {
    super("the schedule has ended", null, false, false);
  }
}

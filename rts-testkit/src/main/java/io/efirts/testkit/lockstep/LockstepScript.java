// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.lockstep;

/** Sets up one schedule: the objects under test, anew for every schedule, and the actors. */
@FunctionalInterface
public interface LockstepScript {
  /**
   * Runs on the test's thread before any actor.
   *
   * @param scheduler takes the actors, and is what they yield to
   * @throws Exception if the schedule cannot be set up
   */
  void prepare(LockstepScheduler scheduler) throws Exception;
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.lockstep;

/** What an actor does, or what is checked after all of them. */
@FunctionalInterface
public interface LockstepTask {
  /**
   * Runs.
   *
   * @throws Exception if the schedule has failed
   */
  void run() throws Exception;
}

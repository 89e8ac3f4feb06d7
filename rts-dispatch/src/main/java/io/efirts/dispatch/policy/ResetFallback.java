// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.policy;

import io.efirts.api.spec.ResetType;

/**
 * Another way to reset, for when firmware's own faulted, hangs, returned or could not be called.
 * Fallbacks are tried in the order in which they were given.
 */
@FunctionalInterface
public interface ResetFallback {
  /**
   * Resets by other means. One thread at a time, but for panics: those come while another thread
   * may be stopped in here for good, and must allocate, lock and wait for nothing. Runs on the
   * thread that resets; if that one hangs inside the firmware, on one of the dispatcher's own. What
   * it throws is reported and counts as false.
   *
   * @param resetType the type of reset that was asked for
   * @return true if the reset is under way, so that no other is tried
   */
  boolean reset(ResetType resetType);
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.policy;

import io.efirts.api.spec.ResetType;

/** Runs before ResetSystem, on the thread that resets, to bring home what would be lost. */
@FunctionalInterface
public interface RebootHook {
  /**
   * A reset is about to be made. May make calls; must end in bounded time. What it throws is
   * reported and does not stop the reset.
   *
   * @param resetType the type of reset that will be asked for
   */
  void beforeReset(ResetType resetType);
}

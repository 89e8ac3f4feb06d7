// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.step;

import io.efirts.api.spi.Step;

/**
 * A step and who made it.
 *
 * @param step which step
 * @param thread the thread that made it
 */
public record MadeStep(Step step, Thread thread) {
  /** For messages of failed assertions: the step and the thread's name. */
  @Override
  public String toString() {
    return step + " by " + thread.getName();
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.step;

import io.efirts.api.spi.Step;
import io.efirts.api.spi.StepHook;
import java.util.Objects;

/**
 * Throws an error on the thread that makes a chosen step, right after it: kills a worker there, or
 * shows what an error between two state changes leaves behind. Throws once.
 *
 * <p>Safe for any thread.
 */
public final class StepThrow implements StepHook {
  private final OccurrenceCounter<Step> counter;
  private final Error error;
  private volatile Thread thrownOn;

  /**
   * An error at a step.
   *
   * @param where which step, counted from now on
   * @param error what is thrown there, this very object
   */
  public StepThrow(Occurrence<Step> where, Error error) {
    this.counter = new OccurrenceCounter<>(where);
    this.error = Objects.requireNonNull(error, "error");
  }

  @Override
  public void made(Step step) {
    if (counter.isNow(step)) {
      thrownOn = Thread.currentThread();
      throw error;
    }
  }

  /**
   * The thread that made the step.
   *
   * @return the thread the error was thrown on, null before
   */
  public Thread thrownOn() {
    return thrownOn;
  }
}

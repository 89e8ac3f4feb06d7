// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.step;

import io.efirts.api.spi.Step;
import io.efirts.api.spi.StepHook;
import io.efirts.testkit.StopPoint;

/**
 * Stops the thread that makes a chosen step, right after it, until it is released: as if the
 * operating system had stopped it there. Other steps, and the same step at other times, pass.
 *
 * <p>Safe for any thread; see {@link StopPoint} for what the stopped thread notices: nothing.
 */
public final class StepStop implements StepHook, AutoCloseable {
  private final OccurrenceCounter<Step> counter;
  private final StopPoint stop = new StopPoint();

  /**
   * A stop at a step.
   *
   * @param where which step, counted from now on
   */
  public StepStop(Occurrence<Step> where) {
    counter = new OccurrenceCounter<>(where);
  }

  @Override
  public void made(Step step) {
    if (counter.isNow(step)) {
      stop.pass();
    }
  }

  /**
   * Waits until the thread is stopped.
   *
   * @return the stopped thread
   * @throws AssertionError if none came within {@link io.efirts.testkit.Patience#LIMIT}
   * @throws InterruptedException if the current thread is interrupted
   */
  public Thread awaitStopped() throws InterruptedException {
    return stop.awaitStopped();
  }

  /**
   * Whether the step was made.
   *
   * @return true from then on, also after the release
   */
  public boolean reached() {
    return stop.reached();
  }

  /** Lets the thread go on; if it has not come yet, it will not stop. */
  public void release() {
    stop.release();
  }

  /** Releases, so that a failed test leaves no thread behind. */
  @Override
  public void close() {
    release();
  }
}

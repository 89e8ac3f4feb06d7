// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.step;

import io.efirts.api.spi.Step;
import io.efirts.api.spi.StepHook;
import io.efirts.testkit.Patience;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Keeps every step in the order in which the threads came here, which for two threads that nothing
 * orders need not be the order of their steps.
 *
 * <p>Safe for any thread. It locks and allocates, and so orders the threads it watches: not for
 * tests of memory effects or of allocation.
 */
public final class StepLog implements StepHook {
  private final List<MadeStep> made = new ArrayList<>();

  /** An empty log. */
  public StepLog() {}

  @Override
  public synchronized void made(Step step) {
    made.add(new MadeStep(step, Thread.currentThread()));
    notifyAll();
  }

  /**
   * What was done so far.
   *
   * @return a new unmodifiable list
   */
  public synchronized List<MadeStep> made() {
    return List.copyOf(made);
  }

  /**
   * What one thread did so far.
   *
   * @param thread the thread
   * @return its steps in their order, unmodifiable
   */
  public synchronized List<Step> madeBy(Thread thread) {
    return made.stream().filter(one -> one.thread() == thread).map(MadeStep::step).toList();
  }

  /**
   * How often a step was made so far.
   *
   * @param step which step
   * @return how often, by all threads
   */
  public synchronized long count(Step step) {
    return made.stream().filter(one -> one.step() == step).count();
  }

  /**
   * Waits until a step was made often enough.
   *
   * @param step which step
   * @param number how often at least, by all threads
   * @throws AssertionError if it was not within {@link Patience#LIMIT}; names what was done instead
   * @throws InterruptedException if the current thread is interrupted
   */
  public synchronized void awaitCount(Step step, int number) throws InterruptedException {
    long startNs = System.nanoTime();
    while (count(step) < number) {
      long leftNs = Patience.LIMIT.toNanos() - (System.nanoTime() - startNs);
      if (leftNs <= 0) {
        throw new AssertionError(
            "step must be made: step=" + step + ", number=" + number + ", made=" + made);
      }
      TimeUnit.NANOSECONDS.timedWait(this, leftNs);
    }
  }

  /** Forgets everything. */
  public synchronized void clear() {
    made.clear();
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.schedule;

import io.efirts.api.spi.Step;
import io.efirts.api.spi.StepHook;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes workers that run into an error at a random step, and every other of them into the same
 * error at all later steps, so that their threads end.
 */
final class WorkerKiller implements StepHook, ThreadFactory {
  private static final int MOST_STEPS = 40_000;

  private final SplittableRandom random;
  private final AtomicLong deaths = new AtomicLong();

  WorkerKiller(long seed) {
    random = new SplittableRandom(seed);
  }

  /** One worker and when its time has come. */
  private static final class Worker extends Thread {
    private final Error error;
    private final boolean dies;
    private int stepsLeft;

    Worker(Runnable work, Error error, boolean dies, int stepsLeft) {
      super(work, "soak-worker");
      this.error = error;
      this.dies = dies;
      this.stepsLeft = stepsLeft;
    }

    void step() {
      stepsLeft--;
      if (stepsLeft == 0 || dies && stepsLeft < 0) {
        throw error;
      }
    }
  }

  @Override
  public synchronized Thread newThread(Runnable work) {
    Error error = Mishaps.error(random.nextInt(2));
    Worker worker = new Worker(work, error, random.nextBoolean(), 1 + random.nextInt(MOST_STEPS));
    worker.setDaemon(true);
    worker.setUncaughtExceptionHandler((thread, thrown) -> deaths.getAndIncrement());
    return worker;
  }

  @Override
  public void made(Step step) {
    if (Thread.currentThread() instanceof Worker worker) {
      worker.step();
    }
  }

  /** How many workers' threads were ended by an error. */
  long deaths() {
    return deaths.get();
  }
}

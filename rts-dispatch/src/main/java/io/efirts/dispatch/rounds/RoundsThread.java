// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.rounds;

import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The thread that makes the rounds, and sleeps as long as there is nothing to do: then it costs no
 * processor time.
 *
 * <p>Any thread may wake it, in any state; that is one system call if it is asleep.
 */
public final class RoundsThread {
  /** What a round returns if the next one can wait until somebody wakes the thread. */
  public static final long NEVER = Long.MAX_VALUE;

  /** A round that has thrown is made again after this: what it was to do is not done. */
  private static final long AFTER_FAILURE_NANOS = 50_000_000;

  private final Consumer<Throwable> failures;
  private Thread thread;
  private LongSupplier round;

  /** Set by whoever wakes, cleared before a round: what was left before is seen by that round. */
  private volatile boolean woken;

  private volatile boolean parked;
  private volatile boolean stopping;

  /**
   * A thread that does not run yet.
   *
   * @param failures takes what a round throws
   */
  public RoundsThread(Consumer<Throwable> failures) {
    this.failures = failures;
  }

  /**
   * Starts it; once.
   *
   * @param roundMaker makes a round, and tells how many nanoseconds the next one can wait, 0 for
   *     none, or {@link #NEVER}
   * @param threads makes the thread
   */
  public void start(LongSupplier roundMaker, ThreadFactory threads) {
    prepare(roundMaker, threads);
    thread.start();
  }

  void prepare(LongSupplier roundMaker, ThreadFactory threads) {
    round = roundMaker;
    thread = threads.newThread(this::run);
    if (thread == null) {
      throw new IllegalArgumentException("thread factory must make a thread: thread=null");
    }
  }

  /** Wakes it. What the caller left before must have been left with volatile effects. */
  public void wake() {
    if (woken) {
      return;
    }
    woken = true;
    // Volatile accesses both: the write of woken stays before the read of parked, and the thread
    // writes parked before it reads woken, so that one of the two sees the other.
    if (parked) {
      LockSupport.unpark(thread);
    }
  }

  /** Makes a last round and ends. Does not wait. */
  public void stop() {
    stopping = true;
    VarHandle.fullFence();
    LockSupport.unpark(thread);
  }

  /**
   * Waits for the end.
   *
   * @param nanos longest wait, 0 or less for none
   * @return true if it has ended; on the thread itself false
   * @throws InterruptedException if the current thread is interrupted
   */
  public boolean join(long nanos) throws InterruptedException {
    if (nanos > 0 && Thread.currentThread() != thread) {
      thread.join(Duration.ofNanos(nanos));
    }
    return !thread.isAlive();
  }

  private void run() {
    while (true) {
      boolean last = stopping;
      woken = false;
      long nanos = AFTER_FAILURE_NANOS;
      try {
        nanos = round.getAsLong();
      } catch (Throwable thrown) {
        // The thread must outlive whatever a round runs into: others rely on it.
        failures.accept(thrown);
      }
      if (last) {
        return;
      }
      sleep(nanos);
    }
  }

  private void sleep(long nanos) {
    if (nanos == 0) {
      Thread.onSpinWait();
      return;
    }
    parked = true;
    if (!woken && !stopping) {
      if (nanos == NEVER) {
        LockSupport.park(this);
      } else {
        LockSupport.parkNanos(this, nanos);
      }
      // Nobody's interrupt means anything to this thread; left set, it would not park again.
      Thread.interrupted();
    }
    parked = false;
  }
}

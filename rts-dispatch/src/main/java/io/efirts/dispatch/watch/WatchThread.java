// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.watch;

import io.efirts.dispatch.instance.Rearming;
import io.efirts.dispatch.observe.Observer;
import io.efirts.dispatch.observe.Watchman;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;

/**
 * The thread that makes the rounds, and sleeps as long as there is nothing to watch: an idle
 * dispatcher costs no processor time.
 *
 * <p>Any thread may wake it.
 */
public final class WatchThread implements Watchman {
  private final Observer observer;
  private Thread thread;
  private Watch watch;

  /** Set by whoever wakes, cleared before a round: what was left before is seen by that round. */
  private volatile boolean woken;

  private volatile boolean parked;
  private volatile boolean stopping;

  /**
   * A thread that does not run yet.
   *
   * @param observer takes what a round throws
   */
  public WatchThread(Observer observer) {
    this.observer = observer;
  }

  /**
   * Starts it; once.
   *
   * @param roundMaker makes the rounds
   * @param threads makes the thread
   */
  public void start(Watch roundMaker, ThreadFactory threads) {
    watch = roundMaker;
    thread = threads.newThread(this::run);
    if (thread == null) {
      throw new IllegalArgumentException("thread factory must make a thread: thread=null");
    }
    thread.start();
  }

  @Override
  public void wake() {
    if (woken) {
      return;
    }
    woken = true;
    // Volatile accesses both: the write of woken stays before the read of parked, and the watch
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
      long nanos = 0;
      try {
        nanos = watch.round();
      } catch (Throwable thrown) {
        // The watch must outlive whatever a round runs into: others rely on it.
        observer.handlerFailed(thrown);
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
      if (nanos == Rearming.NEVER) {
        LockSupport.park(this);
      } else {
        LockSupport.parkNanos(this, nanos);
      }
      // Nobody's interrupt means anything to the watch; left set, it would not park again.
      Thread.interrupted();
    }
    parked = false;
  }
}

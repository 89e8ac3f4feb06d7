// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit;

import java.util.concurrent.TimeUnit;

/**
 * A place where threads stop until a test releases them, as a thread stops that the operating
 * system no longer runs: it notices nothing of it. Interrupting it does not release it and its flag
 * is kept; being unparked meanwhile does not release it and the permit is kept, so the stop cannot
 * hide a lost wake-up. After the release nobody stops here any more.
 *
 * <p>Safe for any thread. What the releasing thread did before is visible to the stopped ones.
 */
public final class StopPoint implements AutoCloseable {
  private Thread stopped;
  private boolean released;

  /** A place that was not reached and not released yet. */
  public StopPoint() {}

  /** Stops the current thread here until the release. Allocates nothing. */
  public void pass() {
    boolean interrupted = false;
    // A monitor and no lock of java.util.concurrent: those wait by parking and would use up the
    // permit of an unpark that was meant for the code that was stopped.
    synchronized (this) {
      stopped = Thread.currentThread();
      notifyAll();
      while (!released) {
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Waits until a thread has come here.
   *
   * @return the thread that came last; stopped unless it has been released
   * @throws AssertionError if none came within {@link Patience#LIMIT}
   * @throws InterruptedException if the current thread is interrupted
   */
  public synchronized Thread awaitStopped() throws InterruptedException {
    long startNs = System.nanoTime();
    while (stopped == null) {
      long leftNs = Patience.LIMIT.toNanos() - (System.nanoTime() - startNs);
      if (leftNs <= 0) {
        throw new AssertionError("no thread has come to the stop within " + Patience.LIMIT);
      }
      TimeUnit.NANOSECONDS.timedWait(this, leftNs);
    }
    return stopped;
  }

  /**
   * Whether a thread has come here.
   *
   * @return true from the first stop on, also after the release
   */
  public synchronized boolean reached() {
    return stopped != null;
  }

  /** Lets everybody who is stopped here, and who comes later, go on. */
  public synchronized void release() {
    released = true;
    notifyAll();
  }

  /** Releases, so that a failed test leaves no thread behind. */
  @Override
  public void close() {
    release();
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A daemon platform thread that makes a call and keeps what it returned.
 *
 * @param <T> what the call returns
 */
public final class CallerThread<T> {
  private final FutureTask<T> task;
  private final Thread thread;

  private CallerThread(Callable<T> call) {
    task = new FutureTask<>(call);
    thread = Thread.ofPlatform().daemon(true).name("caller").unstarted(task);
  }

  /**
   * Starts a thread.
   *
   * @param call what it does
   * @param <T> what the call returns
   * @return the running thread
   */
  public static <T> CallerThread<T> start(Callable<T> call) {
    CallerThread<T> caller = new CallerThread<>(call);
    caller.thread.start();
    return caller;
  }

  /**
   * The thread itself.
   *
   * @return the thread
   */
  public Thread thread() {
    return thread;
  }

  /**
   * Waits for the call to end.
   *
   * @return what it returned
   * @throws AssertionError if it threw, or has not ended within {@link Patience#LIMIT}
   * @throws InterruptedException if the current thread is interrupted
   */
  public T result() throws InterruptedException {
    try {
      return task.get(Patience.LIMIT.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      return fail("the call must not throw", e.getCause());
    } catch (TimeoutException e) {
      return fail("the call must end: state=" + thread.getState(), e);
    }
  }

  /**
   * Whether the call ends within a time, for tests that expect it not to.
   *
   * @param time how long to wait
   * @return true if it has ended
   * @throws InterruptedException if the current thread is interrupted
   */
  public boolean endsWithin(Duration time) throws InterruptedException {
    return thread.join(time);
  }

  /**
   * Waits until the thread is parked, that is until its call waits for somebody.
   *
   * @throws AssertionError if it has ended or is not parked within {@link Patience#LIMIT}
   */
  public void awaitParked() {
    awaitParked(thread);
  }

  /**
   * Waits until any thread is parked.
   *
   * @param thread a thread that was started
   * @throws AssertionError if it has ended or is not parked within {@link Patience#LIMIT}
   */
  public static void awaitParked(Thread thread) {
    long deadline = System.nanoTime() + Patience.LIMIT.toNanos();
    Thread.State state = thread.getState();
    while (state != Thread.State.WAITING && state != Thread.State.TIMED_WAITING) {
      if (state == Thread.State.TERMINATED || System.nanoTime() - deadline > 0) {
        fail("the thread must wait: state=" + state);
      }
      Thread.onSpinWait();
      state = thread.getState();
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.worker;

import com.lmax.disruptor.BatchEventProcessor;
import io.efirts.dispatch.ring.CallRing;
import io.efirts.dispatch.ring.CallSlot;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;

/**
 * The thread that runs the worker, from start to halt. A platform thread by contract: it owns the
 * firmware's address space while it is inside.
 */
public final class WorkerThread implements CallConsumer {
  private final BatchEventProcessor<CallSlot> processor;
  private final Thread thread;

  /**
   * Makes the thread; it does not run yet.
   *
   * @param ring where the calls come from
   * @param worker makes them
   * @param threads makes the thread
   * @throws IllegalArgumentException if the factory makes no platform thread
   */
  public WorkerThread(CallRing ring, FirmwareWorker worker, ThreadFactory threads) {
    processor = ring.consumer(worker, new WorkerExceptionHandler(worker));
    thread = threads.newThread(processor);
    if (thread == null || thread.isVirtual()) {
      throw new IllegalArgumentException(
          "thread factory must make a platform thread: thread=" + thread);
    }
  }

  @Override
  public void start() {
    thread.start();
  }

  @Override
  public boolean isCurrent() {
    return Thread.currentThread() == thread;
  }

  @Override
  public boolean isAlive() {
    return thread.isAlive();
  }

  @Override
  public boolean pump() {
    return false;
  }

  @Override
  public void halt() {
    processor.halt();
  }

  @Override
  public boolean join(long nanos) throws InterruptedException {
    if (nanos > 0) {
      thread.join(Duration.ofNanos(nanos));
    }
    return !thread.isAlive();
  }
}

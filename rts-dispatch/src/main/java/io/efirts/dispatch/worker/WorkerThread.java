// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.worker;

import com.lmax.disruptor.BatchEventProcessor;
import io.efirts.api.spi.InterruptControl;
import io.efirts.dispatch.call.CallPool;
import io.efirts.dispatch.entry.EntryLane;
import io.efirts.dispatch.entry.FirmwareEntry;
import io.efirts.dispatch.gate.FirmwareGate;
import io.efirts.dispatch.ring.CallRing;
import io.efirts.dispatch.ring.CallSlot;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;

/**
 * The thread that runs the worker, from start to halt.
 *
 * <p>Any thread may call any method. A platform thread by contract: it owns the firmware's address
 * space while it is inside.
 */
public final class WorkerThread {
  private final BatchEventProcessor<CallSlot> processor;
  private final Thread thread;

  /**
   * Makes the thread; it does not run yet.
   *
   * @param ring where the calls come from
   * @param gate the gate to pass
   * @param entry the way into the firmware
   * @param lane the worker's lane
   * @param pool where abandoned calls go back to
   * @param interrupts defers cooperative stops while the worker has the gate
   * @param threads makes the thread
   * @throws IllegalArgumentException if the factory makes no platform thread
   */
  public WorkerThread(
      CallRing ring,
      FirmwareGate gate,
      FirmwareEntry entry,
      EntryLane lane,
      CallPool pool,
      InterruptControl interrupts,
      ThreadFactory threads) {
    FirmwareWorker worker = new FirmwareWorker(gate, entry, lane, pool, interrupts);
    processor = ring.consumer(worker, new WorkerExceptionHandler(pool));
    thread = threads.newThread(processor);
    if (thread == null || thread.isVirtual()) {
      throw new IllegalArgumentException(
          "thread factory must make a platform thread: thread=" + thread);
    }
  }

  /** Starts the thread; once. */
  public void start() {
    thread.start();
  }

  /**
   * Whether the current thread is the worker.
   *
   * @return true on the worker's own thread
   */
  public boolean isCurrent() {
    return Thread.currentThread() == thread;
  }

  /**
   * Whether the worker can still make calls.
   *
   * @return false before the start and after the thread has ended
   */
  public boolean isAlive() {
    return thread.isAlive();
  }

  /** Tells the worker to end after the call it is in. Does not wait. */
  public void halt() {
    processor.halt();
  }

  /**
   * Waits for the thread to end.
   *
   * @param nanos longest wait, 0 or less for none
   * @return true if it has ended
   * @throws InterruptedException if the current thread is interrupted
   */
  public boolean join(long nanos) throws InterruptedException {
    if (nanos > 0) {
      thread.join(Duration.ofNanos(nanos));
    }
    return !thread.isAlive();
  }
}

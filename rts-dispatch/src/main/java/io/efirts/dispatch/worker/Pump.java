// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.worker;

import com.lmax.disruptor.EventPoller;
import io.efirts.dispatch.ring.CallRing;
import io.efirts.dispatch.ring.CallSlot;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The worker without a thread: whoever pumps makes the next call, one thread at a time. Nothing
 * happens by itself, so a simulator on one thread is deterministic.
 */
public final class Pump implements CallConsumer {
  private final EventPoller<CallSlot> poller;
  private final EventPoller.Handler<CallSlot> one;
  private final AtomicReference<Thread> pumping = new AtomicReference<>();
  private volatile boolean open;

  /**
   * A pump that is not open yet.
   *
   * @param ring where the calls come from
   * @param worker makes them
   */
  public Pump(CallRing ring, FirmwareWorker worker) {
    poller = ring.poller();
    one =
        (slot, sequence, endOfBatch) -> {
          try {
            worker.onEvent(slot, sequence, endOfBatch);
          } catch (Throwable thrown) {
            // The poller would hand out the same slot again.
            worker.failed(slot, thrown);
          }
          return false;
        };
  }

  @Override
  public void start() {
    open = true;
  }

  @Override
  public boolean isCurrent() {
    return pumping.get() == Thread.currentThread();
  }

  /** Whoever is in a call when this is halted will still end it, as a thread would. */
  @Override
  public boolean isAlive() {
    return open || pumping.get() != null;
  }

  @Override
  public boolean pump() {
    if (!open || !pumping.compareAndSet(null, Thread.currentThread())) {
      return false;
    }
    try {
      return poller.poll(one) == EventPoller.PollState.PROCESSING;
    } catch (Exception e) {
      throw new IllegalStateException("the poller's handler throws nothing", e);
    } finally {
      pumping.set(null);
    }
  }

  @Override
  public void halt() {
    open = false;
  }

  /** Whoever is pumping is in a call, and the call's own end is what is waited for. */
  @Override
  public boolean join(long nanos) {
    return pumping.get() == null;
  }
}

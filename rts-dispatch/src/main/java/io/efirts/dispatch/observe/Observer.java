// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.observe;

import io.efirts.dispatch.event.Counter;
import io.efirts.dispatch.event.DispatcherEvent;
import io.efirts.dispatch.gate.GateOwner;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;

/**
 * Where the paths leave what they have seen: counters, and a bounded queue of events for the thread
 * that watches.
 *
 * <p>Any thread may count and offer; neither blocks or locks. Counting allocates nothing and is all
 * that the crash path does.
 */
public final class Observer {
  private static final int QUEUE_SIZE = 256;

  /** Counters lie this many longs apart, so that two threads' do not share a cache line. */
  private static final int STRIDE = 16;

  private final AtomicLongArray counts = new AtomicLongArray(STRIDE * Counter.values().length);
  private final MpscAtomicArrayQueue<DispatcherEvent> events =
      new MpscAtomicArrayQueue<>(QUEUE_SIZE);
  private volatile boolean blockingRefusedTold;
  private volatile GateOwner lastSeizer = GateOwner.NOBODY;

  /** Nothing seen yet. */
  public Observer() {}

  /**
   * Counts one.
   *
   * @param counter what
   */
  public void count(Counter counter) {
    counts.getAndIncrement(STRIDE * counter.ordinal());
  }

  /**
   * How often something was counted.
   *
   * @param counter what
   * @return the count at about this moment
   */
  public long read(Counter counter) {
    return counts.getOpaque(STRIDE * counter.ordinal());
  }

  /**
   * Leaves an event. Not for the crash path: the event was allocated, and the queue spins behind a
   * thread that was stopped in the middle.
   *
   * @param event the event; if there is no room it is counted as dropped
   */
  public void offer(DispatcherEvent event) {
    if (!events.offer(event)) {
      count(Counter.EVENTS_DROPPED);
    }
    // The queue publishes by a mere release. Whoever offers wakes the watch next, which begins with
    // a look whether it is awake: that must not overtake the event.
    VarHandle.fullFence();
  }

  /**
   * Takes the oldest event. For the one thread that watches.
   *
   * @return the event, or null
   */
  public DispatcherEvent poll() {
    return events.poll();
  }

  /**
   * Whether events are waiting.
   *
   * @return true if {@link #poll} would find one
   */
  public boolean hasEvents() {
    return !events.isEmpty();
  }

  /**
   * Counts a seizure; on the crash path too.
   *
   * @param by whose
   */
  public void seized(GateOwner by) {
    // First, so that whoever sees the count sees by whom.
    lastSeizer = by;
    count(Counter.SEIZES);
  }

  /**
   * Who seized the firmware last. By the time it is told of, nobody may have it any more.
   *
   * @return NOBODY if it never was
   */
  public GateOwner lastSeizer() {
    return lastSeizer;
  }

  /** Counts a blocking call that was refused; the first one leaves its stack. */
  public void blockingRefused() {
    count(Counter.BLOCKING_REFUSED);
    if (!blockingRefusedTold) {
      // Two threads at once may both leave theirs; that is better than neither.
      blockingRefusedTold = true;
      offer(
          new DispatcherEvent.BlockingRefused(
              new Throwable("a blocking call was made where waiting is forbidden")));
    }
  }

  /**
   * Leaves what a handler, hook or fallback threw, without failing itself when memory is short.
   *
   * @param thrown what
   */
  public void handlerFailed(Throwable thrown) {
    count(Counter.HANDLER_FAILURES);
    try {
      offer(new DispatcherEvent.HandlerFailed(thrown));
    } catch (OutOfMemoryError e) {
      count(Counter.EVENTS_DROPPED);
    }
  }

  /**
   * Leaves what the worker threw, without failing itself when memory is short.
   *
   * @param thrown what
   */
  public void workerFailed(Throwable thrown) {
    count(Counter.WORKER_ERRORS);
    try {
      offer(new DispatcherEvent.WorkerFailed(thrown));
    } catch (OutOfMemoryError e) {
      count(Counter.EVENTS_DROPPED);
    }
  }
}

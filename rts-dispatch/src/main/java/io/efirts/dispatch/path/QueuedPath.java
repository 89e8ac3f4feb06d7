// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.path;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.AtomicContext;
import io.efirts.api.spi.NanoClock;
import io.efirts.dispatch.call.CallPool;
import io.efirts.dispatch.call.Delivery;
import io.efirts.dispatch.call.DispatchCall;
import io.efirts.dispatch.entry.FirmwareEntry;
import io.efirts.dispatch.event.Counter;
import io.efirts.dispatch.gate.FirmwareGate;
import io.efirts.dispatch.observe.CallTimer;
import io.efirts.dispatch.observe.Observer;
import io.efirts.dispatch.observe.Watchman;
import io.efirts.dispatch.ring.CallRing;
import io.efirts.dispatch.worker.CallConsumer;

/**
 * The way through the ring: lend a call, publish it, and wait for its end or leave that to the
 * watch.
 *
 * <p>Any thread may use it. Allocates nothing; takes no lock. A waiting caller blocks as long as
 * the call takes, at most until its deadline.
 */
public final class QueuedPath {
  /** Some 20 to 50 microseconds: the price of waking a thread. */
  private static final int SPINS = 1_000;

  /** However a wake-up might get lost, a waiter looks at mode and worker this often. */
  private static final long PARK_NANOS = 50_000_000;

  /**
   * How soon a caller looks again for room in the pool or the ring, which nobody announces; doubled
   * each time, up to a millisecond, so that callers behind a stuck firmware do not burn the
   * machine.
   */
  private static final long FIRST_LOOK_NANOS = 16_000;

  private static final long LAST_LOOK_NANOS = 1_024_000;

  private final CallPool pool;
  private final CallRing ring;
  private final FirmwareGate gate;
  private final FirmwareEntry entry;
  private final CallConsumer consumer;
  private final CallEnding ending;
  private final PathSettings settings;
  private final NanoClock clock;
  private final CallTimer timer;
  private final Observer observer;
  private final Watchman watchman;

  /**
   * The way to one firmware instance.
   *
   * @param pool its calls
   * @param ring where they go
   * @param gate its gate
   * @param entry the way into it
   * @param consumer makes the calls
   * @param settings what the embedder decided
   * @param timer times the calls
   * @param observer counts them
   * @param watchman watches over what nobody waits for
   */
  public QueuedPath(
      CallPool pool,
      CallRing ring,
      FirmwareGate gate,
      FirmwareEntry entry,
      CallConsumer consumer,
      PathSettings settings,
      CallTimer timer,
      Observer observer,
      Watchman watchman) {
    this.pool = pool;
    this.ring = ring;
    this.gate = gate;
    this.entry = entry;
    this.consumer = consumer;
    this.settings = settings;
    this.clock = settings.clock();
    this.timer = timer;
    this.observer = observer;
    this.watchman = watchman;
    this.ending = new CallEnding(gate, consumer, observer);
  }

  /**
   * Lends a call to the current thread, waiting for a free one if need be.
   *
   * @param service what will be called, null for a vendor's entry
   * @param timeoutNanos from now to the call's deadline; 0 for no deadline
   * @return an idle call, or null if none may be had; {@link #refusal} tells why
   */
  public DispatchCall borrow(RuntimeService service, long timeoutNanos) {
    long start = timeoutNanos == 0 ? 0 : clock.nanoTime();
    long lookNanos = FIRST_LOOK_NANOS;
    while (gate.acceptsCalls()
        && settings.supports(service)
        && !mustNotWait()
        && !Thread.currentThread().isInterrupted()) {
      DispatchCall call = pool.take();
      if (call != null) {
        call.lendTo(timeoutNanos != 0, start + timeoutNanos, null);
        return call;
      }
      boolean late = timeoutNanos != 0 && clock.nanoTime() - start >= timeoutNanos;
      if (late || !consumer.isAlive()) {
        return null;
      }
      // Whoever has the calls may be stuck, and waits for less than this caller.
      watchman.wake();
      if (!consumer.pump()) {
        clock.parkNanos(this, lookNanos);
        lookNanos = Math.min(2 * lookNanos, LAST_LOOK_NANOS);
      }
    }
    return null;
  }

  /**
   * Lends a call to the current thread, if there is a free one.
   *
   * @param service what will be called, null for a vendor's entry
   * @param timeoutNanos from now to the call's deadline; 0 for no deadline
   * @param delivery who gets the result
   * @return an idle call, or null if none may be had; {@link #refusalToStart} tells why
   */
  public DispatchCall borrowToStart(RuntimeService service, long timeoutNanos, Delivery delivery) {
    if (!gate.acceptsCalls() || !settings.supports(service)) {
      return null;
    }
    DispatchCall call = pool.take();
    if (call != null) {
      long deadline = timeoutNanos == 0 ? 0 : clock.nanoTime() + timeoutNanos;
      call.lendTo(timeoutNanos != 0, deadline, delivery);
    }
    return call;
  }

  /**
   * Why {@link #borrow} returned null.
   *
   * @param service what was to be called
   * @return the refusal
   */
  public CallResult refusal(RuntimeService service) {
    Outcome outcome = gate.mode().refusal();
    if (outcome == Outcome.BUSY) {
      if (!settings.supports(service)) {
        outcome = Outcome.UNSUPPORTED;
      } else if (mustNotWait()) {
        outcome = Outcome.WOULD_BLOCK;
        observer.blockingRefused();
        watchman.wake();
      } else if (Thread.currentThread().isInterrupted()) {
        outcome = Outcome.INTERRUPTED;
      } else if (!consumer.isAlive()) {
        gate.workerDied();
        outcome = gate.mode().refusal();
      }
    }
    wakeIfDisabled(outcome);
    return CallResult.refused(outcome, false, false);
  }

  /**
   * Why {@link #borrowToStart} returned null.
   *
   * @param service what was to be called
   * @return the refusal
   */
  public CallResult refusalToStart(RuntimeService service) {
    Outcome outcome = gate.mode().refusal();
    if (outcome == Outcome.BUSY && !settings.supports(service)) {
      outcome = Outcome.UNSUPPORTED;
    }
    wakeIfDisabled(outcome);
    return CallResult.refused(outcome, false, false);
  }

  /** Whoever disabled the services may have been stopped before it woke the watch. */
  private void wakeIfDisabled(Outcome outcome) {
    if (outcome == Outcome.DISABLED) {
      watchman.wake();
    }
  }

  /**
   * The worker cannot wait for itself, nor get past a thread that is inside; a completion handler
   * would wait for what only its own end lets happen.
   */
  private boolean mustNotWait() {
    AtomicContext atomic = settings.atomicContext();
    return consumer.isCurrent()
        || entry.isInside()
        || settings.handlers().isCurrent()
        || atomic != AtomicContext.NEVER && atomic.mustNotWait();
  }

  /**
   * Publishes a packed call and waits until it has ended.
   *
   * @param call the call
   * @return the result; if {@link CallResult#firmwareMayStillWrite()}, the item must not be touched
   */
  public CallResult execute(DispatchCall call) {
    long generation = call.generation();
    call.queuedAt(timer.now());
    call.queue(generation);
    long lookNanos = FIRST_LOOK_NANOS;
    while (!ring.tryPublish(call, generation)) {
      giveUpIfDue(call, generation);
      CallResult ended = call.ended(generation);
      if (ended != null) {
        return ended;
      }
      if (!consumer.pump()) {
        clock.parkNanos(this, call.nanosLeft(lookNanos, clock.nanoTime()));
        lookNanos = Math.min(2 * lookNanos, LAST_LOOK_NANOS);
      }
    }
    call.published();
    cancelIfTooLate(call, generation);
    CallResult result = await(call, generation);
    if (result.outcome() == Outcome.COMPLETED) {
      // Here and not by the worker, who would have to take the line back from this thread first.
      call.item().status(result.status().raw());
    }
    return result;
  }

  /**
   * Publishes a packed call that nobody waits for.
   *
   * @param call the call, lent by {@link #borrowToStart}
   * @return what became of it
   */
  public Start start(DispatchCall call) {
    long generation = call.generation();
    call.queuedAt(timer.now());
    call.queue(generation);
    if (!ring.tryPublish(call, generation)) {
      // Not cancelled: the watch would deliver it, and a refused start calls no handler.
      return call.unqueue(generation) ? Start.NO_ROOM : Start.ENDED;
    }
    call.published();
    if (cancelIfTooLate(call, generation)) {
      return Start.ENDED;
    }
    watchman.wake();
    return Start.STARTED;
  }

  private boolean cancelIfTooLate(DispatchCall call, long generation) {
    // Read after the publication's fence: a close that changed the mode before it either swept this
    // call or is seen here. Without the fence both could miss, and nobody would end the call.
    return !gate.acceptsCalls() && call.cancel(generation, gate.mode().refusal());
  }

  /**
   * Gives a call back after its result was copied out, or when packing failed.
   *
   * @param call the call
   * @param generation the generation it was lent in
   */
  public void giveBack(DispatchCall call, long generation) {
    pool.giveBack(call, generation);
  }

  /**
   * What ends calls that are due.
   *
   * @return always the same
   */
  public CallEnding ending() {
    return ending;
  }

  private CallResult await(DispatchCall call, long generation) {
    int spins = consumer.pump() ? 0 : SPINS;
    for (int i = 0; i < spins; i++) {
      CallResult result = call.completedResult(generation);
      if (result != null) {
        return result;
      }
      Thread.onSpinWait();
    }
    boolean interrupted = false;
    try {
      while (true) {
        CallResult ended = call.ended(generation);
        if (ended != null) {
          return ended;
        }
        if (Thread.interrupted()) {
          // Cleared while waiting, since a set flag would keep this thread from parking.
          interrupted = true;
          if (call.cancel(generation, Outcome.INTERRUPTED)) {
            continue;
          }
        }
        if (consumer.pump()) {
          continue;
        }
        long now = clock.nanoTime();
        if (call.wedgeWatch().look(gate, settings.wedgeLimits(), now)) {
          observer.count(Counter.WEDGES);
          watchman.wake();
        }
        if (ending.endIfDue(call, generation, now)) {
          // Nobody may be left who waits for the firmware to come back.
          watchman.wake();
          continue;
        }
        park(call, generation, now);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void park(DispatchCall call, long generation, long now) {
    call.parking();
    if (!call.completed(generation) && call.ended(generation) == null) {
      long slice = call.wedgeWatch().nanosLeft(settings.sliceNanos(PARK_NANOS), now);
      clock.parkNanos(call, call.nanosLeft(slice, now));
    }
    call.awake();
  }

  /** Cancels a call that finds no room in the ring once it must not wait any longer. */
  private void giveUpIfDue(DispatchCall call, long generation) {
    if (call.overdue(clock.nanoTime())) {
      call.cancel(generation, Outcome.BUSY);
    } else if (Thread.currentThread().isInterrupted()) {
      call.cancel(generation, Outcome.INTERRUPTED);
    } else {
      // A dead worker, or one whose mode forbids calls, frees no slots.
      ending.endIfDue(call, generation, clock.nanoTime());
      cancelIfTooLate(call, generation);
    }
  }
}

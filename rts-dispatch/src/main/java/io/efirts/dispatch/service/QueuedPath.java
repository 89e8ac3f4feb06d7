// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.service;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.dispatch.call.CallPool;
import io.efirts.dispatch.call.DispatchCall;
import io.efirts.dispatch.entry.FirmwareEntry;
import io.efirts.dispatch.gate.FirmwareGate;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.dispatch.ring.CallRing;
import io.efirts.dispatch.worker.WorkerThread;
import java.util.concurrent.locks.LockSupport;

/**
 * The way through the ring: lend a call, publish it, wait for its end.
 *
 * <p>Any thread may use it. Blocks as long as the call takes, at most until the deadline; allocates
 * nothing; takes no lock.
 */
final class QueuedPath {
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
  private final WorkerThread worker;

  QueuedPath(
      CallPool pool, CallRing ring, FirmwareGate gate, FirmwareEntry entry, WorkerThread worker) {
    this.pool = pool;
    this.ring = ring;
    this.gate = gate;
    this.entry = entry;
    this.worker = worker;
  }

  /**
   * Lends a call to the current thread, waiting for a free one if need be.
   *
   * @param timeoutNanos from now to the call's deadline; 0 for no deadline
   * @return an idle call, or null if none may be had; {@link #refusal} tells why
   */
  DispatchCall borrow(long timeoutNanos) {
    long start = timeoutNanos == 0 ? 0 : System.nanoTime();
    long lookNanos = FIRST_LOOK_NANOS;
    while (gate.mode().acceptsCalls()
        && !wouldWaitForItself()
        && !Thread.currentThread().isInterrupted()) {
      DispatchCall call = pool.take();
      if (call != null) {
        call.deadline(timeoutNanos != 0, start + timeoutNanos);
        return call;
      }
      boolean late = timeoutNanos != 0 && System.nanoTime() - start >= timeoutNanos;
      if (late || !worker.isAlive()) {
        return null;
      }
      LockSupport.parkNanos(this, lookNanos);
      lookNanos = Math.min(2 * lookNanos, LAST_LOOK_NANOS);
    }
    return null;
  }

  /** Why {@link #borrow} returned null. */
  CallResult refusal() {
    Outcome outcome = gate.mode().refusal();
    if (outcome == Outcome.BUSY) {
      if (wouldWaitForItself()) {
        outcome = Outcome.WOULD_BLOCK;
      } else if (Thread.currentThread().isInterrupted()) {
        outcome = Outcome.INTERRUPTED;
      } else if (!worker.isAlive()) {
        outcome = Outcome.CLOSED;
      }
    }
    return CallResult.refused(outcome, false, false);
  }

  /** The worker cannot wait for itself, and it cannot get past a thread that is inside. */
  private boolean wouldWaitForItself() {
    return worker.isCurrent() || entry.isInside();
  }

  /**
   * Publishes a packed call and waits until it has ended.
   *
   * @return the result; if {@link CallResult#firmwareMayStillWrite()}, the item must not be touched
   */
  CallResult execute(DispatchCall call) {
    long generation = call.generation();
    call.queue(generation);
    long lookNanos = FIRST_LOOK_NANOS;
    while (!ring.tryPublish(call, generation)) {
      giveUpIfDue(call, generation);
      CallResult ended = call.ended(generation);
      if (ended != null) {
        return ended;
      }
      LockSupport.parkNanos(this, call.nanosLeft(lookNanos));
      lookNanos = Math.min(2 * lookNanos, LAST_LOOK_NANOS);
    }
    // Read after the publication's fence: a close that changed the mode before it either swept this
    // call or is seen here. Without the fence both could miss, and nobody would end the call.
    DispatcherMode mode = gate.mode();
    if (!mode.acceptsCalls()) {
      call.cancel(generation, mode.refusal());
    }
    return await(call, generation);
  }

  /** Gives a call back after its result was copied out, or when packing failed. */
  void giveBack(DispatchCall call, long generation) {
    pool.giveBack(call, generation);
  }

  private CallResult await(DispatchCall call, long generation) {
    for (int i = 0; i < SPINS; i++) {
      if (call.completed(generation)) {
        return call.ended(generation);
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
          call.cancel(generation, Outcome.INTERRUPTED);
          continue;
        }
        Outcome leaving = leaving(call);
        if (leaving != null) {
          if (!call.cancel(generation, leaving)) {
            call.abandon(generation, leaving);
          }
          continue;
        }
        park(call, generation);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void park(DispatchCall call, long generation) {
    call.parking();
    if (!call.completed(generation) && call.ended(generation) == null) {
      LockSupport.parkNanos(call, call.nanosLeft(PARK_NANOS));
    }
    call.awake();
  }

  /** Why the caller must not wait any longer, or null. */
  private Outcome leaving(DispatchCall call) {
    if (call.overdue()) {
      return Outcome.TIMED_OUT;
    }
    if (gate.mode() == DispatcherMode.CLOSED || !worker.isAlive()) {
      return Outcome.CLOSED;
    }
    return null;
  }

  /** Cancels a call that finds no room in the ring once it must not wait any longer. */
  private void giveUpIfDue(DispatchCall call, long generation) {
    DispatcherMode mode = gate.mode();
    if (!mode.acceptsCalls()) {
      call.cancel(generation, mode.refusal());
    } else if (!worker.isAlive()) {
      // A dead worker frees no slots.
      call.cancel(generation, Outcome.CLOSED);
    } else if (call.overdue()) {
      call.cancel(generation, Outcome.BUSY);
    } else if (Thread.currentThread().isInterrupted()) {
      call.cancel(generation, Outcome.INTERRUPTED);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.worker;

import com.lmax.disruptor.EventHandler;
import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.spi.InterruptControl;
import io.efirts.dispatch.call.CallPool;
import io.efirts.dispatch.call.DispatchCall;
import io.efirts.dispatch.entry.EntryLane;
import io.efirts.dispatch.entry.FirmwareEntry;
import io.efirts.dispatch.gate.FirmwareGate;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.dispatch.ring.CallSlot;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one queued call after the other: gate, claim, firmware, release, complete, in this order. A
 * call is claimed only with the gate in hand, so until then its caller can still leave without any
 * effect. The gate is released before the caller learns of the end, so its next call never finds
 * the gate taken by its own previous one.
 *
 * <p>Runs on the worker thread only. Allocates nothing; logs nothing but a fault, after its caller
 * has the result.
 */
final class FirmwareWorker implements EventHandler<CallSlot> {
  private static final Logger LOG = LoggerFactory.getLogger(FirmwareWorker.class);

  /**
   * How often the worker looks at a taken gate before it parks: a direct call is short as a rule.
   */
  private static final int SPINS = 1_000;

  private static final long GATE_NANOS = 20_000;

  private final FirmwareGate gate;
  private final FirmwareEntry entry;
  private final EntryLane lane;
  private final CallPool pool;
  private final InterruptControl interrupts;

  FirmwareWorker(
      FirmwareGate gate,
      FirmwareEntry entry,
      EntryLane lane,
      CallPool pool,
      InterruptControl interrupts) {
    this.gate = gate;
    this.entry = entry;
    this.lane = lane;
    this.pool = pool;
    this.interrupts = interrupts;
  }

  @Override
  public void onEvent(CallSlot slot, long sequence, boolean endOfBatch) {
    DispatchCall call = slot.call();
    long generation = slot.generation();
    CallResult result = null;
    try {
      for (int turn = 0; result == null && call.queued(generation); turn++) {
        result = attempt(call, generation);
        if (result == null) {
          waitOrRefuse(call, generation, turn);
        }
      }
    } finally {
      // Left behind on a way out without the gate, it would keep every direct call out for ever.
      gate.withdrawWaiter();
    }
    if (result != null) {
      finish(call, generation, result);
    }
  }

  /** Null if the gate was not to be had, or the call was cancelled. */
  private CallResult attempt(DispatchCall call, long generation) {
    long previous = interrupts.disable();
    try {
      long token = gate.tryAcquireAsWorker();
      return token == FirmwareGate.NOT_ACQUIRED ? null : makeIfClaimed(call, generation, token);
    } finally {
      interrupts.restore(previous);
    }
  }

  /** Null if the call was cancelled in the last moment; it was then not made. */
  private CallResult makeIfClaimed(DispatchCall call, long generation, long token) {
    try {
      return call.claim(generation) ? entry.call(lane, call.item()) : null;
    } finally {
      gate.release(token);
    }
  }

  /** Cooperative stops are possible here: this thread has nothing that others wait for. */
  private void waitOrRefuse(DispatchCall call, long generation, int turn) {
    DispatcherMode mode = gate.mode();
    if (!mode.makesCalls()) {
      call.cancel(generation, mode.refusal());
      call.wake();
    } else if (turn < SPINS) {
      Thread.onSpinWait();
    } else {
      // The holder may need this processor to get out; nobody wakes the worker when it has.
      LockSupport.parkNanos(this, GATE_NANOS);
      // Nobody's interrupt means anything to the worker; left set, it would not park again.
      Thread.interrupted();
    }
  }

  private void finish(DispatchCall call, long generation, CallResult result) {
    if (!call.complete(generation, result)) {
      pool.giveBackAbandoned(call, generation);
    }
    if (result.outcome() == Outcome.FAULTED) {
      LOG.error("firmware faulted, runtime services are disabled", entry.fault());
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.worker;

import com.lmax.disruptor.EventHandler;
import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.call.RuntimeCall;
import io.efirts.api.spi.InterruptControl;
import io.efirts.api.spi.NanoClock;
import io.efirts.dispatch.call.CallPool;
import io.efirts.dispatch.call.Delivery;
import io.efirts.dispatch.call.DispatchCall;
import io.efirts.dispatch.entry.EntryLane;
import io.efirts.dispatch.entry.FirmwareEntry;
import io.efirts.dispatch.event.Counter;
import io.efirts.dispatch.event.DispatcherEvent;
import io.efirts.dispatch.gate.FirmwareGate;
import io.efirts.dispatch.gate.GateTarget;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.dispatch.observe.CallTimer;
import io.efirts.dispatch.observe.Observer;
import io.efirts.dispatch.observe.Watchman;
import io.efirts.dispatch.ring.CallSlot;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes one queued call after the other: gate, claim, firmware, release, complete, in this order. A
 * call is claimed only with the gate in hand, so until then its caller can still leave without any
 * effect. The gate is released before the caller learns of the end, so its next call never finds
 * the gate taken by its own previous one.
 *
 * <p>Runs on one thread at a time, the worker's or the one that pumps. Allocates and logs nothing,
 * but for the event of a call that comes back too late.
 */
public final class FirmwareWorker implements EventHandler<CallSlot> {
  private static final CallResult FAULTED = CallResult.refused(Outcome.FAULTED, true, false);

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
  private final NanoClock clock;
  private final CallTimer timer;
  private final Observer observer;
  private final Watchman watchman;

  /**
   * A worker of one firmware instance.
   *
   * @param gate the gate to pass
   * @param entry the way into the firmware
   * @param lane the worker's lane
   * @param pool where abandoned calls go back to
   * @param interrupts defers cooperative stops while the worker has the gate
   * @param clock lets the worker wait for the gate
   * @param timer times the calls
   * @param observer counts them
   * @param watchman told when there is something to tell
   */
  public FirmwareWorker(
      FirmwareGate gate,
      FirmwareEntry entry,
      EntryLane lane,
      CallPool pool,
      InterruptControl interrupts,
      NanoClock clock,
      CallTimer timer,
      Observer observer,
      Watchman watchman) {
    this.gate = gate;
    this.entry = entry;
    this.lane = lane;
    this.pool = pool;
    this.interrupts = interrupts;
    this.clock = clock;
    this.timer = timer;
    this.observer = observer;
    this.watchman = watchman;
  }

  @Override
  public void onEvent(CallSlot slot, long sequence, boolean endOfBatch) {
    DispatchCall call = slot.call();
    long generation = slot.generation();
    CallResult result = null;
    boolean interrupted = false;
    try {
      // Tried before it is looked at: the claim fetches the call's cache line for writing at once.
      int turn = 0;
      do {
        result = attempt(call, generation);
        if (result == null) {
          interrupted |= waitOrRefuse(call, generation, turn++);
        }
      } while (result == null && call.queued(generation));
    } finally {
      if (interrupted) {
        // Meant for whoever pumps; a worker thread of its own clears it when it waits next.
        Thread.currentThread().interrupt();
      }
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
      // Racy if the call is being cancelled and lent again: then the claim fails, whatever this is.
      long token = gate.tryAcquireAsWorker(GateTarget.of(call.item().service()));
      return token == FirmwareGate.NOT_ACQUIRED ? null : makeIfClaimed(call, generation, token);
    } finally {
      interrupts.restore(previous);
    }
  }

  /** Null if the call was cancelled in the last moment; it was then not made. */
  private CallResult makeIfClaimed(DispatchCall call, long generation, long token) {
    try {
      if (!call.claim(generation)) {
        return null;
      }
      long enteredNanos = timer.now();
      CallResult result = entry.call(lane, call.item());
      // A fenced worker's times are nobody's, and the recorder has one writer.
      if (enteredNanos != 0 && gate.isHeldBy(token)) {
        timer.made(call.item().service(), result, call.queuedNanos(), enteredNanos);
      }
      return result;
    } finally {
      gate.release(token);
    }
  }

  /**
   * Cooperative stops are possible here: this thread has nothing that others wait for. True if the
   * thread was interrupted; the flag is then cleared.
   */
  private boolean waitOrRefuse(DispatchCall call, long generation, int turn) {
    DispatcherMode mode = gate.mode();
    if (!mode.makesCalls()) {
      if (call.cancel(generation, mode.refusal())) {
        ended(call, generation);
      }
    } else if (turn < SPINS) {
      Thread.onSpinWait();
    } else {
      // The holder may need this processor to get out; nobody wakes the worker when it has.
      clock.parkNanos(this, GATE_NANOS);
      // Left set, it would keep this thread from parking again.
      return Thread.interrupted();
    }
    return false;
  }

  private void finish(DispatchCall call, long generation, CallResult result) {
    // Read before the end is published: after it the call may be lent to somebody else.
    Delivery delivery = call.delivery();
    if (call.complete(generation, result)) {
      observer.count(Counter.QUEUED_CALLS);
      if (delivery != null) {
        delivery.deliver(call, generation);
      }
    } else {
      cameBackLate(call, generation, result);
    }
    if (result.outcome() == Outcome.FAULTED) {
      watchman.wake();
    }
  }

  private void cameBackLate(DispatchCall call, long generation, CallResult result) {
    observer.count(Counter.LATE_RETURNS);
    RuntimeCall item = call.item();
    List<Long> words = new ArrayList<>(item.argumentCount());
    for (int i = 0; i < item.argumentCount(); i++) {
      words.add(item.unpack(i));
    }
    observer.offer(
        new DispatcherEvent.LateReturn(item.service(), item.vendorEntryPoint(), words, result));
    pool.giveBackAbandoned(call, generation);
    watchman.wake();
  }

  private static void ended(DispatchCall call, long generation) {
    call.wake();
    Delivery delivery = call.delivery();
    if (delivery != null) {
      delivery.deliver(call, generation);
    }
  }

  /**
   * Ends the call in which the worker itself failed, and gives back what the worker still has. On
   * the worker's thread.
   *
   * @param slot the slot it was handling
   * @param thrown how it failed
   */
  void failed(CallSlot slot, Throwable thrown) {
    gate.releaseAsWorker();
    gate.withdrawWaiter();
    DispatchCall call = slot.call();
    long generation = slot.generation();
    observer.workerFailed(thrown);
    watchman.wake();
    if (!call.complete(generation, FAULTED) && !call.cancel(generation, Outcome.FAULTED)) {
      pool.giveBackAbandoned(call, generation);
    }
    ended(call, generation);
  }

  void reportFailure(Throwable thrown) {
    observer.workerFailed(thrown);
  }
}

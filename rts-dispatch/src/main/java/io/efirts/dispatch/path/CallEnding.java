// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.path;

import io.efirts.api.Outcome;
import io.efirts.dispatch.call.DispatchCall;
import io.efirts.dispatch.event.Counter;
import io.efirts.dispatch.gate.FirmwareGate;
import io.efirts.dispatch.gate.GatePhase;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.dispatch.observe.Observer;
import io.efirts.dispatch.worker.CallConsumer;

/**
 * Ends a call whose caller must not wait any longer: its deadline has passed, nobody makes calls
 * any more, or whoever made it will not come back. Waiting callers ask for themselves, the watch
 * asks for calls that nobody waits for.
 *
 * <p>Any thread; nothing blocks, locks or allocates.
 */
public final class CallEnding {
  private final FirmwareGate gate;
  private final CallConsumer consumer;
  private final Observer observer;

  CallEnding(FirmwareGate gate, CallConsumer consumer, Observer observer) {
    this.gate = gate;
    this.consumer = consumer;
    this.observer = observer;
  }

  /**
   * Ends the call if it is due.
   *
   * @param call the call
   * @param generation the generation that was published
   * @param nowNanos the time
   * @return true if this ended it
   */
  public boolean endIfDue(DispatchCall call, long generation, long nowNanos) {
    if (call.overdue(nowNanos)) {
      return cancelOrAbandon(call, generation, Outcome.TIMED_OUT);
    }
    if (!consumer.isAlive()) {
      return afterDeath(call, generation);
    }
    DispatcherMode mode = gate.mode();
    return switch (mode) {
      case OPEN, DRAINING -> false;
      case CLOSED, EMERGENCY, DEAD -> cancelOrAbandon(call, generation, mode.refusal());
      // A call that faulted is about to be completed by whoever made it; a wedged one is not.
      case DISABLED, REPLACED ->
          call.cancel(generation, Outcome.DISABLED)
              || gate.phase() == GatePhase.WEDGED && abandon(call, generation, Outcome.DISABLED);
    };
  }

  /** A consumer that ended in good order has ended its last call before. */
  private boolean afterDeath(DispatchCall call, long generation) {
    // One look: another waiter may be finding out at the same time.
    DispatcherMode mode = gate.mode();
    Outcome refusal = mode.refusal();
    if (mode.makesCalls()) {
      gate.workerDied();
      refusal = Outcome.DISABLED;
    }
    return call.cancel(generation, refusal)
        || abandon(call, generation, refusal == Outcome.DISABLED ? Outcome.FAULTED : refusal);
  }

  private boolean cancelOrAbandon(DispatchCall call, long generation, Outcome why) {
    return call.cancel(generation, why) || abandon(call, generation, why);
  }

  private boolean abandon(DispatchCall call, long generation, Outcome why) {
    if (!call.abandon(generation, why)) {
      return false;
    }
    observer.count(Counter.ABANDONED);
    return true;
  }
}

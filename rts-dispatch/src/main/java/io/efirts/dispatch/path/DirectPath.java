// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.path;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.call.RuntimeCall;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.InterruptControl;
import io.efirts.dispatch.entry.EntryLane;
import io.efirts.dispatch.entry.FirmwareEntry;
import io.efirts.dispatch.event.Counter;
import io.efirts.dispatch.gate.FirmwareGate;
import io.efirts.dispatch.gate.GateTarget;
import io.efirts.dispatch.observe.BypassLog;
import io.efirts.dispatch.observe.Observer;
import io.efirts.dispatch.observe.Watchman;

/**
 * The way past the ring: the calling thread passes the gate and makes the call itself, with one
 * work item that belongs to whoever has the gate.
 *
 * <pre>
 *  deferStops() --> hold(..) --> pack into item() --> execute(hold) --> copy out --> letGo(hold)
 *               --> allowStops(previous)
 * </pre>
 *
 * <p>Any platform thread may use it, in any state. Nothing waits, allocates, locks or logs.
 */
public final class DirectPath {
  private final FirmwareGate gate;
  private final FirmwareEntry entry;
  private final EntryLane lane;
  private final RuntimeCall item;
  private final InterruptControl interrupts;
  private final PathSettings settings;
  private final BypassLog log;
  private final Observer observer;
  private final Watchman watchman;

  /**
   * The way to one firmware instance.
   *
   * @param gate its gate
   * @param entry the way into it
   * @param lane this path's own lane
   * @param item this path's own work item
   * @param interrupts defers cooperative stops while this path has the gate
   * @param settings what the embedder decided
   * @param log notes the calls for the flight recording
   * @param observer counts them
   * @param watchman told of a fault, which nobody waits for here
   */
  public DirectPath(
      FirmwareGate gate,
      FirmwareEntry entry,
      EntryLane lane,
      RuntimeCall item,
      InterruptControl interrupts,
      PathSettings settings,
      BypassLog log,
      Observer observer,
      Watchman watchman) {
    this.gate = gate;
    this.entry = entry;
    this.lane = lane;
    this.item = item;
    this.interrupts = interrupts;
    this.settings = settings;
    this.log = log;
    this.observer = observer;
    this.watchman = watchman;
  }

  /**
   * Defers the embedder's stops, before the gate is taken.
   *
   * @return the previous state, for {@link #allowStops}; kept by the calling thread, since a
   *     stopped holder and its successor must not share it
   */
  public long deferStops() {
    return interrupts.disable();
  }

  /**
   * Goes back to what {@link #deferStops} found, after the gate was given back.
   *
   * @param previous what it returned
   */
  public void allowStops(long previous) {
    interrupts.restore(previous);
  }

  /**
   * Takes the gate for a non-blocking call, if it can be had at once.
   *
   * @param service what will be called
   * @return the hold, or {@link FirmwareGate#NOT_ACQUIRED}; {@link #refusal} tells why
   */
  public long hold(RuntimeService service) {
    return settings.supports(service)
        ? gate.tryAcquire(GateTarget.of(service))
        : FirmwareGate.NOT_ACQUIRED;
  }

  /**
   * Why {@link #hold} failed: the gate is taken, the service is not supported, or the mode forbids
   * calls.
   *
   * @param service what was to be called
   * @return the refusal
   */
  public CallResult refusal(RuntimeService service) {
    Outcome outcome = gate.mode().refusal();
    if (outcome == Outcome.BUSY && !settings.supports(service)) {
      outcome = Outcome.UNSUPPORTED;
    } else if (outcome == Outcome.BUSY) {
      observer.count(Counter.BYPASS_BUSY);
    }
    return CallResult.refused(outcome, false, false);
  }

  /**
   * The work item, for the holder only.
   *
   * @return always the same
   */
  public RuntimeCall item() {
    return item;
  }

  /**
   * Makes the packed call.
   *
   * @param hold what acquiring the gate returned
   * @return its result
   */
  public CallResult execute(long hold) {
    if (!gate.enter(hold)) {
      return CallResult.refused(gate.mode().refusal(), false, false);
    }
    long enteredNanos = log.now();
    CallResult result = entry.callDirectly(lane, item);
    if (gate.exit(hold)) {
      // Still the owner: whoever fenced this thread would write into the log at the same time.
      observer.count(Counter.DIRECT_CALLS);
      log.made(GateTarget.of(item.service()), result, enteredNanos);
    }
    if (result.outcome() == Outcome.FAULTED) {
      watchman.wake();
    }
    return result;
  }

  /**
   * Gives the gate back, if it was had.
   *
   * @param hold what acquiring the gate returned
   */
  public void letGo(long hold) {
    if (hold != FirmwareGate.NOT_ACQUIRED) {
      gate.release(hold);
    }
  }
}

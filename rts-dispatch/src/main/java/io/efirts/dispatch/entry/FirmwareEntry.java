// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.entry;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.call.RuntimeCall;
import io.efirts.api.spi.FirmwareContext;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.dispatch.gate.FirmwareGate;

/**
 * Makes one call: enters the firmware's context, calls, and leaves again on every way out.
 *
 * <p>The caller has the gate in phase ENTERED and gives it back afterwards. Nothing here allocates,
 * locks or logs; how long a call blocks is up to the firmware.
 */
public final class FirmwareEntry {
  private static final CallResult FAULTED = CallResult.refused(Outcome.FAULTED, true, false);

  private final FirmwareInstance instance;
  private final FirmwareGate gate;

  /** The fault that disabled the services, or null. Written before the mode changes. */
  private volatile Throwable fault;

  /**
   * The thread that is inside, or null. Plain, to keep two fences off every call: the one question
   * asked is whether it is the current thread. A thread that has left cannot read its own name
   * again, since its own later write of null lies in between; others can only read a name that is
   * not theirs.
   */
  private Thread inside;

  /**
   * The way into an instance.
   *
   * @param instance firmware and context
   * @param gate where a fault disables the services
   */
  public FirmwareEntry(FirmwareInstance instance, FirmwareGate gate) {
    this.instance = instance;
    this.gate = gate;
  }

  /**
   * Makes a call. Whatever firmware throws ends here: the services are disabled before this
   * returns, hence before any caller learns of it.
   *
   * @param lane the path's own lane
   * @param item the packed call
   * @return the result, COMPLETED or FAULTED
   */
  public CallResult call(EntryLane lane, RuntimeCall item) {
    FirmwareContext context = instance.context();
    inside = Thread.currentThread();
    try {
      lane.frame().load(item);
      context.enter(lane.saveArea());
      long status;
      try {
        status = instance.firmware().call(lane.frame());
      } finally {
        context.leave(lane.saveArea());
      }
      item.status(status);
      return CallResult.completed(status);
    } catch (Throwable thrown) {
      fault = thrown;
      gate.damaged();
      return FAULTED;
    } finally {
      inside = null;
    }
  }

  /**
   * Whether the current thread is inside the firmware: then it must not wait for a queued call,
   * because the worker would wait for this thread to leave.
   *
   * @return true between entering and leaving
   */
  public boolean isInside() {
    return inside == Thread.currentThread();
  }

  /**
   * What firmware threw when it disabled the services.
   *
   * @return the exception or error, or null if there was none
   */
  public Throwable fault() {
    return fault;
  }
}

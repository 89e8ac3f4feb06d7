// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.service;

import io.efirts.api.CallResult;
import io.efirts.api.call.RuntimeCall;
import io.efirts.api.spi.InterruptControl;
import io.efirts.dispatch.entry.EntryLane;
import io.efirts.dispatch.entry.FirmwareEntry;
import io.efirts.dispatch.gate.FirmwareGate;
import io.efirts.dispatch.gate.GateOwner;

/**
 * The way past the ring: the calling thread passes the gate and makes the call itself, with one
 * work item that belongs to whoever has the gate.
 *
 * <pre>
 *  deferStops() --> hold() --> pack into item() --> execute(hold) --> copy out --> letGo(hold)
 *               --> allowStops(previous)
 * </pre>
 *
 * <p>Any platform thread may use it, in any state. Nothing waits, allocates, locks or logs.
 */
final class DirectPath {
  private final FirmwareGate gate;
  private final FirmwareEntry entry;
  private final EntryLane lane;
  private final RuntimeCall item;
  private final InterruptControl interrupts;
  private final GateOwner owner;

  DirectPath(
      FirmwareGate gate,
      FirmwareEntry entry,
      EntryLane lane,
      RuntimeCall item,
      InterruptControl interrupts,
      GateOwner owner) {
    this.gate = gate;
    this.entry = entry;
    this.lane = lane;
    this.item = item;
    this.interrupts = interrupts;
    this.owner = owner;
  }

  /**
   * Defers the embedder's stops, before the gate is taken.
   *
   * @return the previous state, for {@link #allowStops}; kept by the calling thread, since a
   *     stopped holder and its successor must not share it
   */
  long deferStops() {
    return interrupts.disable();
  }

  /** Goes back to what {@link #deferStops} found, after the gate was given back. */
  void allowStops(long previous) {
    interrupts.restore(previous);
  }

  /**
   * Takes the gate, if it can be had at once.
   *
   * @return the hold, or {@link FirmwareGate#NOT_ACQUIRED}; {@link #refusal} tells why
   */
  long hold() {
    return gate.tryAcquire(owner);
  }

  /** Whether the current thread is inside the firmware, so that waiting for the gate is vain. */
  boolean isInside() {
    return entry.isInside();
  }

  /** Why {@link #hold} failed: the gate is taken, or the mode forbids calls. */
  CallResult refusal() {
    return CallResult.refused(gate.mode().refusal(), false, false);
  }

  /** The work item, for the holder only. */
  RuntimeCall item() {
    return item;
  }

  /** Makes the packed call. */
  CallResult execute(long hold) {
    if (!gate.enter(hold)) {
      return refusal();
    }
    CallResult result = entry.call(lane, item);
    gate.exit(hold);
    return result;
  }

  /** Gives the gate back, if it was had. */
  void letGo(long hold) {
    if (hold != FirmwareGate.NOT_ACQUIRED) {
      gate.release(hold);
    }
  }
}

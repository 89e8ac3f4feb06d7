// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.worker;

import io.efirts.api.CallResult;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.InterruptControl;
import io.efirts.api.spi.NanoClock;
import io.efirts.dispatch.call.CallInState;
import io.efirts.dispatch.call.CallPool;
import io.efirts.dispatch.call.DispatchCall;
import io.efirts.dispatch.entry.BareEntry;
import io.efirts.dispatch.entry.EntryLane;
import io.efirts.dispatch.entry.FirmwareEntry;
import io.efirts.dispatch.gate.FirmwareGate;
import io.efirts.dispatch.gate.GateTarget;
import io.efirts.dispatch.ring.CallSlot;
import io.efirts.dispatch.ring.Slots;
import io.efirts.stress.CountingFirmware;

/** One queued call before the real worker, whose firmware counts. */
final class QueuedCall {
  final FirmwareGate gate = new FirmwareGate();
  final CountingFirmware firmware = new CountingFirmware();
  final FirmwareEntry entry = BareEntry.into(firmware.instance(), gate);
  final CallPool pool = CallInState.poolOfOne();
  final DispatchCall call = pool.take();

  private final FirmwareWorker worker =
      new FirmwareWorker(
          gate,
          entry,
          BareEntry.laneInto(firmware),
          pool,
          InterruptControl.NONE,
          NanoClock.SYSTEM,
          BareEntry.TIMER,
          BareEntry.OBSERVER,
          () -> {});
  private final CallSlot slot = Slots.of(call, 1);

  QueuedCall() {
    call.item().begin(RuntimeService.GET_NEXT_HIGH_MONOTONIC_COUNT);
    call.queue(1);
  }

  /** The worker's turn. */
  void runWorker() {
    worker.onEvent(slot, 0, true);
  }

  /** A crash logger's call, if it gets in: as the non-blocking path makes it. */
  boolean runBypass(DispatchCall packed, EntryLane lane) {
    long token = gate.tryAcquire(GateTarget.VENDOR);
    if (token == FirmwareGate.NOT_ACQUIRED) {
      return false;
    }
    boolean entered = gate.enter(token);
    if (entered) {
      entry.call(lane, packed.item());
      gate.exit(token);
    }
    gate.release(token);
    return entered;
  }

  /** What the caller is told, and how often firmware was entered. */
  String ending() {
    CallResult told = call.ended(1);
    return (told == null ? "not ended" : told.outcome()) + ", entries " + firmware.calls();
  }
}

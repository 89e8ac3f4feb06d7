// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.service;

import io.efirts.api.NonBlockingRuntimeServices;
import io.efirts.api.RuntimeServices;
import io.efirts.api.RuntimeServicesAbi;
import io.efirts.api.call.RuntimeCall;
import io.efirts.api.spi.InterruptControl;
import io.efirts.dispatch.call.CallPool;
import io.efirts.dispatch.entry.EntryLane;
import io.efirts.dispatch.entry.FirmwareEntry;
import io.efirts.dispatch.gate.FirmwareGate;
import io.efirts.dispatch.gate.GateOwner;
import io.efirts.dispatch.ring.CallRing;
import io.efirts.dispatch.worker.WorkerThread;

/** All ways into one firmware instance, and the interfaces over them. */
public final class ServicePaths {
  private final QueuedPath queued;
  private final ResetPath reset;
  private final NonBlockingRuntimeServices nonBlocking;

  /**
   * The ways into an instance.
   *
   * @param pool its calls
   * @param ring where queued calls go
   * @param gate its gate
   * @param worker makes queued calls
   * @param entry the way into the firmware
   * @param bypassLane lane of the non-blocking path
   * @param bypassItem work item of the non-blocking path
   * @param resetLane lane of reset
   * @param resetItem work item of reset
   * @param interrupts defers cooperative stops while a path has the gate
   * @param resetWaitNanos how long reset waits for the gate
   */
  public ServicePaths(
      CallPool pool,
      CallRing ring,
      FirmwareGate gate,
      WorkerThread worker,
      FirmwareEntry entry,
      EntryLane bypassLane,
      RuntimeCall bypassItem,
      EntryLane resetLane,
      RuntimeCall resetItem,
      InterruptControl interrupts,
      long resetWaitNanos) {
    queued = new QueuedPath(pool, ring, gate, entry, worker);
    reset =
        new ResetPath(
            new DirectPath(gate, entry, resetLane, resetItem, interrupts, GateOwner.RESET),
            resetWaitNanos);
    nonBlocking =
        new DirectRuntimeServices(
            new DirectPath(gate, entry, bypassLane, bypassItem, interrupts, GateOwner.BYPASS));
  }

  /**
   * The typed services.
   *
   * @param timeoutNanos deadline of each call from its start, 0 for none
   * @return the services
   */
  public RuntimeServices typed(long timeoutNanos) {
    return new QueuedRuntimeServices(queued, reset, timeoutNanos);
  }

  /**
   * The services by words.
   *
   * @param timeoutNanos deadline of each call from its start, 0 for none
   * @return the services
   */
  public RuntimeServicesAbi abi(long timeoutNanos) {
    return new QueuedRuntimeServicesAbi(queued, reset, timeoutNanos);
  }

  /**
   * The non-blocking services.
   *
   * @return always the same object
   */
  public NonBlockingRuntimeServices nonBlocking() {
    return nonBlocking;
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.path;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.call.RuntimeCall;
import io.efirts.dispatch.entry.EntryLane;
import io.efirts.dispatch.entry.FirmwareEntry;
import io.efirts.dispatch.event.Counter;
import io.efirts.dispatch.gate.FirmwareGate;
import io.efirts.dispatch.gate.GateOwner;
import io.efirts.dispatch.gate.GatePhase;
import io.efirts.dispatch.observe.Observer;

/**
 * The way of a reset or an emergency: past the ring and, if it must be, past an owner of the gate
 * that will not come back. Firmware that is whole is called in the ordinary way; firmware that
 * faulted or was interrupted only through its crash entry, in a context of that entry's own.
 *
 * <p>Any platform thread, in any state. Nothing waits, allocates, locks or logs.
 */
public final class SeizingPath {
  private final FirmwareGate gate;
  private final FirmwareEntry entry;
  private final EntryLane lane;
  private final RuntimeCall item;
  private final CrashLane crashLane;
  private final PathSettings settings;
  private final Observer observer;

  /**
   * The hold that was taken from an owner that was given up on. Written by whoever has the gate
   * only: a reset that came in vain would make the one that has it free a wedged gate.
   */
  private long takenFromWedged = FirmwareGate.NOT_ACQUIRED;

  /**
   * A way into one firmware instance.
   *
   * @param gate its gate
   * @param entry the way into it
   * @param lane this path's own lane
   * @param item this path's own work item
   * @param crashLane the way to its crash entry, null if it has none
   * @param settings what the embedder decided
   * @param observer counts the calls
   */
  public SeizingPath(
      FirmwareGate gate,
      FirmwareEntry entry,
      EntryLane lane,
      RuntimeCall item,
      CrashLane crashLane,
      PathSettings settings,
      Observer observer) {
    this.gate = gate;
    this.entry = entry;
    this.lane = lane;
    this.item = item;
    this.crashLane = crashLane;
    this.settings = settings;
    this.observer = observer;
  }

  /**
   * Takes the gate for a reset: in its turn while the services are open; of disabled firmware only
   * if that has a crash entry.
   *
   * @param target what will be called
   * @return the hold, or {@link FirmwareGate#NOT_ACQUIRED}
   */
  public long holdForReset(int target) {
    long hold = gate.tryAcquireForReset(target);
    if (hold != FirmwareGate.NOT_ACQUIRED || !entry.hasCrashEntry()) {
      return hold;
    }
    hold = gate.seizeForReset(GatePhase.FREE, target);
    if (hold == FirmwareGate.NOT_ACQUIRED) {
      hold = gate.seizeForReset(GatePhase.WEDGED, target);
      if (hold != FirmwareGate.NOT_ACQUIRED) {
        takenFromWedged = hold;
      }
    }
    if (hold != FirmwareGate.NOT_ACQUIRED) {
      observer.seized(GateOwner.RESET);
    }
    return hold;
  }

  /**
   * Takes the gate for an emergency, whoever has it.
   *
   * @return the hold, or {@link FirmwareGate#NOT_ACQUIRED} if the mode is not EMERGENCY
   */
  public long seize() {
    long hold = gate.seize();
    if (hold != FirmwareGate.NOT_ACQUIRED) {
      observer.seized(GateOwner.EMERGENCY);
    }
    return hold;
  }

  /**
   * Whether the firmware can be called at all.
   *
   * @return false if it was interrupted and has no crash entry
   */
  public boolean canCall() {
    return !gate.isDamaged() || entry.hasCrashEntry();
  }

  /**
   * The work item to pack the next call into. For the holder only.
   *
   * @return the ordinary one, or the crash entry's
   */
  public RuntimeCall item() {
    // Without a crash lane the holder was fenced since: what it packs is not called.
    return gate.isDamaged() && crashLane != null ? crashLane.item() : item;
  }

  /**
   * Makes the packed call.
   *
   * @param hold what acquiring the gate returned
   * @param packed the item that was packed
   * @return its result
   */
  public CallResult execute(long hold, RuntimeCall packed) {
    if (!settings.supports(packed.service())) {
      return CallResult.refused(Outcome.UNSUPPORTED, false, false);
    }
    if (!gate.enter(hold)) {
      return CallResult.refused(gate.mode().refusal(), false, false);
    }
    if (packed == item && gate.isDamaged()) {
      // Since it was packed: such firmware is not to be called in the ordinary way.
      gate.exit(hold);
      return CallResult.refused(gate.mode().refusal(), false, false);
    }
    CallResult result =
        packed == item
            ? entry.callDirectly(lane, item)
            : entry.callCrashEntry(crashLane.lane(), packed);
    gate.exit(hold);
    observer.count(Counter.DIRECT_CALLS);
    return result;
  }

  /**
   * Gives the gate back, if it was had. A gate that was wedged before becomes wedged again.
   *
   * @param hold what acquiring the gate returned
   */
  public void letGo(long hold) {
    if (hold == FirmwareGate.NOT_ACQUIRED) {
      return;
    }
    if (hold == takenFromWedged) {
      gate.wedge(hold);
    } else {
      gate.release(hold);
    }
  }

  /** A reset does not wait any longer. */
  public void stopWaiting() {
    gate.withdrawResetWaiter();
  }

  /**
   * The way to the crash entry.
   *
   * @return null if there is none
   */
  public CrashLane crashLane() {
    return crashLane;
  }

  /**
   * A lane into the crash context and a work item in its memory.
   *
   * @param lane the lane
   * @param item the work item
   */
  public record CrashLane(EntryLane lane, RuntimeCall item) {}
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.PendingCall;
import io.efirts.api.call.CallFrame;
import io.efirts.dispatch.Serving;
import io.efirts.dispatch.call.CallPool;
import io.efirts.dispatch.gate.FirmwareGate;
import io.efirts.dispatch.gate.GatePhase;
import io.efirts.dispatch.mode.DispatcherMode;

/**
 * A call stays inside. Either it comes back in time or after a while, whether or not its limit has
 * passed by then; or it does not come back before everybody else has got over it.
 */
final class HangFate extends Fate {
  private final boolean rearms;
  private final boolean forGood;
  private final Stuck stuck;

  HangFate(Scene scene) {
    super(scene);
    rearms = scene.chance(2);
    forGood = rearms || scene.chance(2);
    stuck = new Stuck(scene, 1 + scene.choose(4));
  }

  @Override
  boolean wedges() {
    return true;
  }

  @Override
  boolean rearms() {
    return rearms;
  }

  @Override
  void inside(int entry, CallFrame frame) {
    stuck.pass(entry);
  }

  @Override
  void script() {
    scene.until("stuck, or nothing left", () -> stuck.isInside() || scene.allEnded());
    if (!stuck.isInside()) {
      return;
    }
    scene.dawdle(20);
    if (!forGood) {
      if (scene.chance(2)) {
        scene.stage().advance(Scene.WEDGE_LIMIT);
      }
      scene.dawdle(20);
    } else if (rearms) {
      scene.knock();
      scene.untilInTime("given up on", () -> scene.first().gate().isDamaged());
      scene.until(
          "re-armed",
          () ->
              Serving.of(scene.dispatcher()) != scene.first()
                  && scene.dispatcher().mode() == DispatcherMode.OPEN);
      scene.callOnOwnAccount(scene.chance(2) ? Style.BLOCKING : Style.WORDS);
    } else {
      PendingCall knock = scene.knock();
      scene.untilInTime(
          "disabled, and all others gone",
          () ->
              scene.dispatcher().mode() == DispatcherMode.DISABLED
                  && scene.allEndedBut(stuck.thread())
                  && !knock.isPending());
      assertEquals(GatePhase.WEDGED, scene.first().gate().phase());
      CallPool pool = scene.first().pool();
      int lost = pool.size() - Scene.freeCalls(pool);
      // The call that is stuck, and that of a caller who made it while waiting for its own.
      int most = scene.isCaller(stuck.thread()) ? 2 : 1;
      assertTrue(lost <= most, () -> "nobody else's call may be lost: lost=" + lost);
    }
    stuck.release();
  }

  /** The old thread comes back while the new firmware is entered: it frees nothing. */
  @Override
  void insideOwn() {
    FirmwareGate gate = Serving.of(scene.dispatcher()).gate();
    long token = gate.token();
    stuck.release();
    scene.dawdle(40);
    assertEquals(token, gate.token());
    assertEquals(GatePhase.ENTERED, gate.phase());
  }

  @Override
  void check() {
    FirmwareGate gate = scene.first().gate();
    boolean wedged = gate.isDamaged();
    GatePhase phase = wedged ? GatePhase.WEDGED : GatePhase.FREE;
    scene.until("the first gate is left", () -> gate.phase() == phase);
    assertEquals(phase, gate.phase());
    boolean disabled = wedged && !rearms;
    checkServing(
        disabled ? DispatcherMode.DISABLED : DispatcherMode.OPEN,
        disabled ? GatePhase.WEDGED : GatePhase.FREE);
  }
}

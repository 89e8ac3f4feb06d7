// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.schedule;

import io.efirts.api.call.CallFrame;
import io.efirts.dispatch.gate.GatePhase;
import io.efirts.dispatch.mode.DispatcherMode;

/** A call stays inside beyond every deadline and then returns and writes as if nothing were. */
final class LateReturnFate extends Fate {
  private final Stuck stuck;

  LateReturnFate(Scene scene) {
    super(scene);
    stuck = new Stuck(scene, 1 + scene.choose(4));
  }

  @Override
  void inside(int entry, CallFrame frame) {
    stuck.pass(entry);
  }

  @Override
  void script() {
    scene.until("stuck, or nothing left", () -> stuck.isInside() || scene.allEnded());
    scene.dawdle(20);
    scene.stage().advance(Scene.DEADLINE);
    scene.dawdle(20);
    stuck.release();
  }

  /** I-12: a caller's deadline never disables anything. */
  @Override
  void check() {
    checkServing(DispatcherMode.OPEN, GatePhase.FREE);
    checkEachAbandonedCallCameBack();
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.schedule;

import io.efirts.api.call.CallFrame;
import io.efirts.dispatch.gate.GatePhase;
import io.efirts.dispatch.mode.DispatcherMode;

/** Callers are interrupted at any time, also while a call stays inside. */
final class InterruptFate extends Fate {
  private final Stuck stuck;

  InterruptFate(Scene scene) {
    super(scene);
    stuck = new Stuck(scene, scene.choose(4));
  }

  @Override
  void inside(int entry, CallFrame frame) {
    stuck.pass(entry);
  }

  @Override
  void script() {
    for (int i = scene.choose(6); i >= 0; i--) {
      scene.dawdle(20);
      scene.callers().get(scene.choose(scene.callers().size())).interrupt();
    }
    scene.dawdle(20);
    stuck.release();
  }

  @Override
  void check() {
    checkServing(DispatcherMode.OPEN, GatePhase.FREE);
  }
}

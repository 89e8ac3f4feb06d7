// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.schedule;

import io.efirts.api.call.CallFrame;
import io.efirts.dispatch.gate.GatePhase;
import io.efirts.dispatch.mode.DispatcherMode;
import java.time.Duration;

/**
 * The dispatcher is closed, with or without a call that stays inside and outlasts it, and after
 * that nobody may pump any more.
 */
final class CloseFate extends Fate {
  private static final Duration[] WAITS = {
    Duration.ZERO, Duration.ofMillis(2), Duration.ofMillis(100)
  };

  private final Stuck stuck;

  CloseFate(Scene scene) {
    super(scene);
    stuck = new Stuck(scene, scene.choose(4));
  }

  @Override
  void inside(int entry, CallFrame frame) {
    stuck.pass(entry);
  }

  @Override
  void script() {
    stuck.releaseSometime(60);
    scene.dawdle(60);
    scene.dispatcher().close(WAITS[scene.choose(WAITS.length)]);
    if (scene.chance(2)) {
      scene.stopPumping();
    }
  }

  @Override
  void check() {
    checkServing(DispatcherMode.CLOSED, GatePhase.FREE);
    checkEachAbandonedCallCameBack();
  }
}

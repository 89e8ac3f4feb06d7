// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.schedule;

import io.efirts.dispatch.gate.GatePhase;
import io.efirts.dispatch.mode.DispatcherMode;

/** The thread that makes the calls runs into an error between any two of its steps. */
final class StepErrorFate extends Fate {
  private final Error error;
  private volatile boolean over;
  private int stepsLeft;

  StepErrorFate(Scene scene) {
    super(scene);
    error = Mishaps.error(scene.choose(3));
    stepsLeft = 1 + scene.choose(30);
  }

  @Override
  void step(boolean byMaker) {
    if (byMaker && !over && --stepsLeft == 0) {
      throw error;
    }
  }

  @Override
  void script() {}

  /** Firmware did nothing wrong, so the services stay open. */
  @Override
  void check() {
    over = true;
    checkServing(DispatcherMode.OPEN, GatePhase.FREE);
  }
}

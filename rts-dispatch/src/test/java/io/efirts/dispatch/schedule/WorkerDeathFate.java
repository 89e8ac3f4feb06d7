// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.schedule;

import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.dispatch.Serving;
import io.efirts.dispatch.gate.FirmwareGate;
import io.efirts.dispatch.gate.GatePhase;
import io.efirts.dispatch.mode.DispatcherMode;

/**
 * The worker runs into an error at a step, and into the same error at every later one, also where
 * the first is handled: so its thread ends somewhere on the way.
 */
final class WorkerDeathFate extends Fate {
  private final Error error;
  private final boolean rearms;
  private int stepsLeft;

  WorkerDeathFate(Scene scene) {
    super(scene);
    error = Mishaps.error(scene.choose(2));
    rearms = scene.chance(2);
    stepsLeft = 1 + scene.choose(20);
  }

  @Override
  boolean rearms() {
    return rearms;
  }

  /** The one in which it died. */
  @Override
  int mayLose() {
    return 1;
  }

  @Override
  void step(boolean byMaker) {
    if (byMaker && --stepsLeft <= 0) {
      throw error;
    }
  }

  /** Calls until somebody has found out: where nobody calls, nobody misses the worker. */
  @Override
  void script() {
    scene.untilInTime(
        "the worker is missed",
        () -> {
          scene.dispatcher().runtimeServices().getTime(new EfiTimeHolder(), null);
          return Serving.of(scene.dispatcher()) != scene.first()
              || !rearms && scene.dispatcher().mode() == DispatcherMode.DISABLED;
        });
    if (rearms) {
      scene.callOnOwnAccount(Style.BLOCKING);
    }
  }

  @Override
  void check() {
    FirmwareGate gate = Serving.of(scene.dispatcher()).gate();
    checkServing(
        rearms ? DispatcherMode.OPEN : DispatcherMode.DISABLED,
        rearms || gate.phase() != GatePhase.WEDGED ? GatePhase.FREE : GatePhase.WEDGED);
  }
}

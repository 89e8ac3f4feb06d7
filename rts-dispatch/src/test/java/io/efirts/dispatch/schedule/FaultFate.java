// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.schedule;

import io.efirts.api.call.CallFrame;
import io.efirts.api.memory.Access;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.dispatch.Serving;
import io.efirts.dispatch.gate.GatePhase;
import io.efirts.dispatch.mode.DispatcherMode;

/** Firmware does not answer one of the calls but is thrown out of. */
final class FaultFate extends Fate {
  private final Ending ending;
  private final boolean rearms;
  private final int number;
  private final int kind;
  private volatile boolean happened;

  FaultFate(Scene scene, Ending ending) {
    super(scene);
    this.ending = ending;
    rearms = scene.chance(2);
    number = 1 + scene.choose(4);
    kind = scene.choose(FaultKind.values().length);
  }

  @Override
  boolean rearms() {
    return rearms;
  }

  @Override
  void inside(int entry, CallFrame frame) {
    if (entry == number) {
      happened = true;
      throw switch (ending) {
        case FAULT ->
            throw new FirmwareFault(FaultKind.values()[kind], 0xdead_0000L, Access.WRITE, 0);
        case EXCEPTION -> new IllegalStateException("injected");
        default -> throw Mishaps.error(kind);
      };
    }
  }

  @Override
  void script() {
    scene.until("fault, or nothing left", () -> happened || scene.allEnded());
    if (happened && rearms) {
      scene.untilInTime(
          "re-armed",
          () ->
              Serving.of(scene.dispatcher()) != scene.first()
                  && scene.dispatcher().mode() == DispatcherMode.OPEN);
      scene.callOnOwnAccount(Style.BLOCKING);
    }
  }

  @Override
  void check() {
    checkServing(
        happened && !rearms ? DispatcherMode.DISABLED : DispatcherMode.OPEN, GatePhase.FREE);
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.LongHolder;
import io.efirts.api.Outcome;
import io.efirts.api.call.CallFrame;
import io.efirts.dispatch.emergency.Emergency;
import io.efirts.dispatch.gate.GatePhase;
import io.efirts.dispatch.mode.DispatcherMode;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** A panicking thread takes the firmware over, whoever is inside, and is alone with it then. */
final class EmergencyFate extends Fate {
  private static final Duration[] GRACES = {
    Duration.ZERO, Duration.ofMillis(1), Duration.ofMillis(50)
  };

  private final Stuck stuck;
  private final boolean hasCrashEntry;
  private volatile boolean ended;
  private volatile boolean taken;
  private volatile boolean interrupted;
  private final AtomicInteger strangers = new AtomicInteger();

  EmergencyFate(Scene scene) {
    super(scene);
    stuck = new Stuck(scene, scene.choose(4));
    hasCrashEntry = scene.chance(2);
  }

  @Override
  boolean hasCrashEntry() {
    return hasCrashEntry;
  }

  @Override
  void inside(int entry, CallFrame frame) {
    if (taken) {
      strangers.getAndIncrement();
    }
    stuck.pass(entry);
  }

  @Override
  void script() {
    stuck.releaseSometime(60);
    scene.dawdle(60);
    Emergency emergency = scene.dispatcher().beginEmergency(GRACES[scene.choose(GRACES.length)]);
    taken = true;
    assertNotNull(emergency);
    interrupted = emergency.firmwareWasInterrupted();
    assertEquals(!interrupted || hasCrashEntry, emergency.canCallFirmware());
    scene.dawdle(10);
    int tag = scene.plainTag();
    LongHolder maximum = new LongHolder();
    CallResult result =
        emergency.queryVariableInfo(tag, maximum, new LongHolder(), new LongHolder());
    if (emergency.canCallFirmware()) {
      assertTrue(result.isSuccess(), result::toString);
      assertEquals(TaggedFirmware.answer(tag), maximum.value);
    } else {
      assertEquals(CallResult.refused(Outcome.EMERGENCY, false, false), result);
    }
    scene.dawdle(10);
    if (scene.chance(2)) {
      emergency.end();
      ended = true;
    }
    if (scene.chance(2)) {
      scene.dispatcher().close();
    }
  }

  /** Who had passed the gate before it was seized may still come in, into interrupted firmware. */
  @Override
  void check() {
    assertTrue(strangers.get() <= (interrupted ? 1 : 0), () -> "strangers=" + strangers);
    checkServing(
        ended ? DispatcherMode.DEAD : DispatcherMode.EMERGENCY,
        ended ? GatePhase.FREE : GatePhase.HELD);
  }
}

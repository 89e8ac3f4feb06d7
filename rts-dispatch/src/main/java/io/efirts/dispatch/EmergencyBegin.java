// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import io.efirts.api.Outcome;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spi.InterruptControl;
import io.efirts.api.spi.NanoClock;
import io.efirts.dispatch.emergency.Emergency;
import io.efirts.dispatch.gate.FirmwareGate;
import io.efirts.dispatch.gate.GatePhase;
import io.efirts.dispatch.instance.ArmedInstance;
import io.efirts.dispatch.instance.Instances;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.dispatch.path.EmergencyProgress;
import io.efirts.dispatch.path.ResetFallbacks;

/**
 * How a panicking thread takes the firmware over: mode, marks, grace, seizure. Made beforehand.
 *
 * <p>Any platform thread, in any state. Allocates nothing, takes no lock, wakes nobody.
 */
final class EmergencyBegin {
  private static final long LOOK_NANOS = 100_000;

  private final Instances instances;
  private final InterruptControl interrupts;
  private final NanoClock clock;
  private final EmergencyProgress progress;
  private final ResetFallbacks fallbacks;

  EmergencyBegin(
      Instances instances,
      InterruptControl interrupts,
      NanoClock clock,
      EmergencyProgress progress,
      ResetFallbacks fallbacks) {
    this.instances = instances;
    this.interrupts = interrupts;
    this.clock = clock;
    this.progress = progress;
    this.fallbacks = fallbacks;
  }

  /** Null if the firmware is not to be had; stops are then as they were before. */
  Emergency begin(long graceNanos) {
    long previous = interrupts.disable();
    ArmedInstance instance = takeMode(graceNanos);
    if (instance == null) {
      interrupts.restore(previous);
      return null;
    }
    instance.pool().mark(Outcome.EMERGENCY);
    awaitEnd(instance, graceNanos);
    instance.emergency().open(previous);
    return instance.emergency();
  }

  private ArmedInstance takeMode(long graceNanos) {
    while (true) {
      ArmedInstance instance = instances.current();
      DispatcherMode mode = instance.gate().mode();
      if (mode == DispatcherMode.EMERGENCY && progress.hasStalled()) {
        fallbacks.resetInEmergency(ResetType.COLD);
        return null;
      }
      if (!mode.allowsEmergency() && mode != DispatcherMode.REPLACED) {
        return null;
      }
      progress.begins(graceNanos);
      if (mode != DispatcherMode.REPLACED
          && instance.gate().changeMode(mode, DispatcherMode.EMERGENCY)) {
        return instance;
      }
    }
  }

  private void awaitEnd(ArmedInstance instance, long graceNanos) {
    long start = clock.nanoTime();
    boolean interrupted = false;
    // Counted as well: a virtual clock may stand still from here on.
    for (long looks = graceNanos / LOOK_NANOS;
        looks >= 0
            && !instance.isInside()
            && isTaken(instance.gate())
            && clock.nanoTime() - start < graceNanos;
        looks--) {
      // Left set, it would end each wait at once, and the grace period with them.
      interrupted |= Thread.interrupted();
      clock.parkNanos(this, LOOK_NANOS);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  static boolean isTaken(FirmwareGate gate) {
    GatePhase phase = gate.phase();
    return phase == GatePhase.HELD || phase == GatePhase.ENTERED;
  }
}

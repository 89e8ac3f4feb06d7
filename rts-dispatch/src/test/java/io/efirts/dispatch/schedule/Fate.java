// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.call.CallFrame;
import io.efirts.dispatch.Serving;
import io.efirts.dispatch.event.Counter;
import io.efirts.dispatch.gate.FirmwareGate;
import io.efirts.dispatch.gate.GatePhase;
import io.efirts.dispatch.mode.DispatcherMode;

/** How a schedule's ending comes about, and what must be the case afterwards. */
abstract class Fate {
  final Scene scene;

  Fate(Scene scene) {
    this.scene = scene;
  }

  static Fate of(Ending ending, Scene scene) {
    return switch (ending) {
      case FAULT, EXCEPTION -> new FaultFate(scene, ending);
      case ERROR -> scene.chance(2) ? new FaultFate(scene, ending) : new StepErrorFate(scene);
      case HANG -> new HangFate(scene);
      case LATE_RETURN -> new LateReturnFate(scene);
      case INTERRUPT -> new InterruptFate(scene);
      case CLOSE -> new CloseFate(scene);
      case EMERGENCY -> new EmergencyFate(scene);
      case WORKER_DEATH -> new WorkerDeathFate(scene);
    };
  }

  /** Whether services are armed again after they were disabled. */
  boolean rearms() {
    return false;
  }

  /** Whether a call that stays inside is given up on. */
  boolean wedges() {
    return false;
  }

  /** How many calls of the first instance may be lost for good. */
  int mayLose() {
    return 0;
  }

  boolean hasCrashEntry() {
    return false;
  }

  /** A caller's call is inside. */
  void inside(int entry, CallFrame frame) {}

  /** A call of {@link Scene#callOnOwnAccount} is inside. */
  void insideOwn() {}

  /** A step was made, by the first thread that makes calls as a profession or by another. */
  void step(boolean byMaker) {}

  /** What the environment does. */
  abstract void script();

  /** What must be the case when every actor has ended. On the test's thread. */
  abstract void check();

  /** Whoever abandons a call counts it only after that, perhaps behind its return and its end. */
  final void checkEachAbandonedCallCameBack() {
    scene.until("as many came back as were abandoned", () -> abandoned() == cameBack());
    assertEquals(abandoned(), cameBack());
  }

  private long abandoned() {
    return scene.dispatcher().count(Counter.ABANDONED);
  }

  private long cameBack() {
    return scene.dispatcher().count(Counter.LATE_RETURNS);
  }

  /** The mode is right, and so is the gate of the instance that serves; if open, it answers. */
  final void checkServing(DispatcherMode mode, GatePhase phase) {
    assertEquals(mode, scene.dispatcher().mode());
    // First the calls: a worker may still be at a slot whose call was cancelled.
    if (mode == DispatcherMode.OPEN) {
      TaggedCall queued = new TaggedCall(scene.plainTag(), Style.BLOCKING);
      queued.make(scene.dispatcher(), scene.stage()::pause);
      queued.checkCompleted();
      TaggedCall direct = new TaggedCall(scene.plainTag(), Style.DIRECT);
      direct.make(scene.dispatcher(), scene.stage()::pause);
      direct.checkCompleted();
    }
    FirmwareGate gate = Serving.of(scene.dispatcher()).gate();
    scene.until("the gate is left", () -> gate.phase() == phase);
    assertEquals(phase, gate.phase());
  }
}

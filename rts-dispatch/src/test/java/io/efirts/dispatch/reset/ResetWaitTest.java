// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.reset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.LongHolder;
import io.efirts.api.Outcome;
import io.efirts.api.PendingCall;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.InterruptControl;
import io.efirts.api.spi.Step;
import io.efirts.dispatch.Dispatcher;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.FirmwareHold;
import io.efirts.testkit.RecordedCall;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.StopPoint;
import io.efirts.testkit.VirtualClock;
import io.efirts.testkit.step.StepLog;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a reset gets past a call that is inside (I-4): first in turn, and in bounded time. */
@Timeout(60)
class ResetWaitTest {
  private static final EfiGuid GUID = new EfiGuid(1, 2);

  /** By the virtual clock; looks are counted too, and no machine is so slow that they run out. */
  private static final Duration WAIT = Duration.ofDays(1);

  private final VirtualClock clock = new VirtualClock();
  private final StepLog steps = new StepLog();
  private final FirmwareHold hold = new FirmwareHold();
  private final ScriptedFirmware firmware =
      new ScriptedFirmware().on(RuntimeService.QUERY_VARIABLE_INFO, hold).record(8);

  private static CallResult query(Dispatcher dispatcher) {
    return dispatcher
        .nonBlocking()
        .queryVariableInfo(7, new LongHolder(), new LongHolder(), new LongHolder());
  }

  private static CallResult write(Dispatcher dispatcher) {
    return dispatcher.nonBlocking().setVariable("n", GUID, 7, 0, null);
  }

  private static CallResult reset(Dispatcher dispatcher) {
    return dispatcher.runtimeServices().resetSystem(ResetType.COLD, EfiStatus.SUCCESS, null);
  }

  @Test
  void itGivesUpExactlyWhenItsWaitIsOverAndLetsOthersInAgain() throws InterruptedException {
    Semaphore attempts = new Semaphore(0);
    ThreadLocal<Boolean> resets = ThreadLocal.withInitial(() -> false);
    InterruptControl counting =
        new InterruptControl() {
          @Override
          public long disable() {
            if (resets.get()) {
              attempts.release();
            }
            return 0;
          }

          @Override
          public void restore(long previous) {}
        };
    try (Dispatcher dispatcher =
            Dispatcher.builder()
                .firmware(firmware)
                .clock(clock)
                .interrupts(counting)
                .resetWait(WAIT)
                .start();
        hold) {
      CallerThread<CallResult> inside = CallerThread.start(() -> query(dispatcher));
      hold.awaitEntered();
      CallerThread<CallResult> reset =
          CallerThread.start(
              () -> {
                resets.set(true);
                return reset(dispatcher);
              });
      attempts.acquire(2);
      clock.advance(WAIT.minusNanos(1));
      attempts.drainPermits();
      // Two more after the clock was moved: it has looked at it and gone on.
      attempts.acquire(2);
      clock.advance(Duration.ofNanos(1));
      assertEquals(CallResult.refused(Outcome.BUSY, false, false), reset.result());
      hold.release();
      assertTrue(inside.result().isSuccess());
      assertTrue(write(dispatcher).isSuccess(), "its mark is gone");
    }
  }

  @Test
  void itComesBeforeAWorkerThatWaitedLonger() throws InterruptedException {
    try (Dispatcher dispatcher =
            Dispatcher.builder()
                .firmware(firmware)
                .stepHook(steps)
                .resetWait(WAIT)
                .clock(clock)
                .start();
        hold) {
      CallerThread<CallResult> inside = CallerThread.start(() -> query(dispatcher));
      hold.awaitEntered();
      CallerThread<CallResult> queued =
          CallerThread.start(() -> dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null));
      steps.awaitCount(Step.GATE_AWAITED, 1);
      CallerThread<CallResult> reset = CallerThread.start(() -> reset(dispatcher));
      steps.awaitCount(Step.GATE_AWAITED, 2);
      hold.release();
      assertTrue(reset.result().isSuccess());
      assertTrue(queued.result().isSuccess());
      assertTrue(inside.result().isSuccess());
    }
    assertEquals(
        List.of(
            RuntimeService.QUERY_VARIABLE_INFO,
            RuntimeService.RESET_SYSTEM,
            RuntimeService.GET_TIME),
        firmware.recorded().stream().map(RecordedCall::service).toList());
  }

  /**
   * Its mark keeps the worker out: as the worker it would wait for itself, and the gate be free.
   */
  @Test
  void itMakesNoQueuedCallWhileItWaitsWhereCallersPump() throws InterruptedException {
    try (Dispatcher dispatcher =
            Dispatcher.builder()
                .firmware(firmware)
                .invoker()
                .resetWait(Duration.ofMinutes(1))
                .closeWait(Duration.ZERO)
                .start();
        hold) {
      CallerThread<CallResult> inside = CallerThread.start(() -> query(dispatcher));
      hold.awaitEntered();
      PendingCall queued = dispatcher.asyncAbi().newPendingCall();
      assertTrue(
          dispatcher.asyncAbi().call(queued, RuntimeService.SET_TIME, 0, 0, 0, 0, 0),
          "queued, and nobody pumps");
      CallerThread<CallResult> reset = CallerThread.start(() -> reset(dispatcher));
      reset.awaitParked();
      hold.release();
      assertTrue(inside.result().isSuccess());
      assertTrue(reset.result().isSuccess());
      assertTrue(queued.isPending());
    }
  }

  /** The gate is free, and stays so until the reset has had its turn. */
  @Test
  void nobodyGetsInBetweenAReleaseAndTheResetsNextLook() throws InterruptedException {
    StopPoint secondLook = new StopPoint();
    ThreadLocal<int[]> looks = new ThreadLocal<>();
    InterruptControl stopping =
        new InterruptControl() {
          @Override
          public long disable() {
            if (looks.get() != null && ++looks.get()[0] == 2) {
              secondLook.pass();
            }
            return 0;
          }

          @Override
          public void restore(long previous) {}
        };
    try (Dispatcher dispatcher =
            Dispatcher.builder()
                .firmware(firmware)
                .interrupts(stopping)
                .stepHook(steps)
                .resetWait(WAIT)
                .clock(clock)
                .start();
        hold;
        secondLook) {
      CallerThread<CallResult> inside = CallerThread.start(() -> query(dispatcher));
      hold.awaitEntered();
      CallerThread<CallResult> reset =
          CallerThread.start(
              () -> {
                looks.set(new int[1]);
                return reset(dispatcher);
              });
      secondLook.awaitStopped();
      hold.release();
      assertTrue(inside.result().isSuccess());
      for (int i = 0; i < 100; i++) {
        assertEquals(Outcome.BUSY, write(dispatcher).outcome());
      }
      CallerThread<CallResult> queued =
          CallerThread.start(() -> dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null));
      steps.awaitCount(Step.GATE_AWAITED, 2);
      assertEquals(1, firmware.entries(), "the worker waits too");
      secondLook.release();
      assertTrue(reset.result().isSuccess());
      assertTrue(queued.result().isSuccess());
      assertFalse(write(dispatcher).outcome() == Outcome.BUSY);
    }
    assertEquals(RuntimeService.RESET_SYSTEM, firmware.recorded().get(1).service());
  }
}

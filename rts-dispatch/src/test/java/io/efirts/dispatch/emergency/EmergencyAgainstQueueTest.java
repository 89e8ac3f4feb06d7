// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.emergency;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.Step;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.DispatcherBuilder;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.FirmwareHold;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.step.StepLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of queued calls when a thread panics. */
@Timeout(60)
class EmergencyAgainstQueueTest {
  private static final EfiGuid GUID = new EfiGuid(1, 2);
  private static final CallResult EMERGENCY = CallResult.refused(Outcome.EMERGENCY, false, false);

  private final StepLog steps = new StepLog();
  private final FirmwareHold hold = new FirmwareHold();
  private final ScriptedFirmware firmware =
      new ScriptedFirmware().on(RuntimeService.SET_VARIABLE, hold);

  private DispatcherBuilder builder() {
    return Dispatcher.builder().firmware(firmware).calls(4).stepHook(steps);
  }

  private CallerThread<CallResult> stopInside(Dispatcher dispatcher) throws InterruptedException {
    CallerThread<CallResult> inside =
        CallerThread.start(() -> dispatcher.nonBlocking().setVariable("n", GUID, 7, 0, null));
    hold.awaitEntered();
    return inside;
  }

  /** Callers are not woken by the panicking thread: they find out in a slice of their own. */
  @Test
  void queuedCallsAreCancelledByThePanickingThread() throws InterruptedException {
    try (Dispatcher dispatcher = builder().start();
        hold) {
      CallerThread<CallResult> inside = stopInside(dispatcher);
      List<CallerThread<CallResult>> queued = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        queued.add(
            CallerThread.start(
                () -> dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null)));
      }
      steps.awaitCount(Step.CALL_QUEUED, 3);
      for (CallerThread<CallResult> caller : queued) {
        caller.awaitParked();
      }
      assertNotNull(dispatcher.beginEmergency(Duration.ZERO));
      for (CallerThread<CallResult> caller : queued) {
        assertEquals(EMERGENCY, caller.result());
      }
      hold.release();
      inside.result();
    }
    assertEquals(1, firmware.entries());
  }

  @Test
  void aQueuedCallThatIsInsideIsAbandoned() throws InterruptedException {
    try (Dispatcher dispatcher = builder().start();
        hold) {
      CallerThread<CallResult> typed =
          CallerThread.start(() -> dispatcher.runtimeServices().setVariable("n", GUID, 7, 0, null));
      hold.awaitEntered();
      assertTrue(dispatcher.beginEmergency(Duration.ZERO).firmwareWasInterrupted());
      assertEquals(CallResult.refused(Outcome.EMERGENCY, true, false), typed.result());
      hold.release();
    }
  }
}

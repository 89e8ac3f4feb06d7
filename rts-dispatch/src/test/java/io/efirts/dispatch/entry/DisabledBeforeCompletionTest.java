// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.entry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.Step;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.fault.FirmwareThrows;
import io.efirts.testkit.step.Occurrence;
import io.efirts.testkit.step.StepLog;
import io.efirts.testkit.step.StepStop;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** I-9: the services are disabled before anybody can know of the fault. */
@Timeout(60)
class DisabledBeforeCompletionTest {
  private static final CallResult DISABLED = CallResult.refused(Outcome.DISABLED, false, false);

  private final ScriptedFirmware firmware =
      new ScriptedFirmware()
          .on(
              RuntimeService.GET_TIME,
              FirmwareThrows.exception(new IllegalStateException("injected")));

  private static CallResult getTime(Dispatcher dispatcher) {
    return dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null);
  }

  private static CallResult write(Dispatcher dispatcher) {
    return dispatcher.nonBlocking().setVariable("n", new EfiGuid(1, 2), 7, 0, null);
  }

  @Test
  void whileTheResultIsWrittenAndNotPublishedYetOthersAreRefusedAlready()
      throws InterruptedException {
    StepStop stop = new StepStop(Occurrence.first(Step.CALL_RESULT_WRITTEN));
    try (Dispatcher dispatcher =
            Dispatcher.builder().firmware(firmware).calls(4).stepHook(stop).start();
        stop) {
      CallerThread<CallResult> faulting = CallerThread.start(() -> getTime(dispatcher));
      stop.awaitStopped();
      assertEquals(DispatcherMode.DISABLED, dispatcher.mode());
      assertEquals(DISABLED, write(dispatcher));
      assertEquals(DISABLED, getTime(dispatcher));
      stop.release();
      assertEquals(Outcome.FAULTED, faulting.result().outcome());
    }
    assertEquals(1, firmware.entries());
  }

  @Test
  void theWorkerMarksTheDamageBeforeItGivesTheGateBack() {
    StepLog log = new StepLog();
    try (Dispatcher dispatcher =
        Dispatcher.builder().firmware(firmware).calls(4).stepHook(log).start()) {
      getTime(dispatcher);
    }
    List<Step> steps = log.made().stream().map(made -> made.step()).toList();
    int damaged = steps.indexOf(Step.GATE_DAMAGED);
    assertTrue(damaged >= 0 && damaged < steps.indexOf(Step.GATE_RELEASED), steps::toString);
    assertTrue(damaged < steps.indexOf(Step.CALL_DONE), steps::toString);
  }

  /** Whoever is told by the first caller comes too late, on any path. */
  @Test
  void aCallMadeAfterTheResultWasSeenIsRefused() throws InterruptedException {
    for (int round = 0; round < 100; round++) {
      try (Dispatcher dispatcher = Dispatcher.builder().firmware(firmware).calls(4).start()) {
        CallerThread<CallResult> faulting = CallerThread.start(() -> getTime(dispatcher));
        assertEquals(Outcome.FAULTED, faulting.result().outcome());
        assertEquals(DISABLED, write(dispatcher));
        assertEquals(DISABLED, getTime(dispatcher));
      }
    }
    assertEquals(100, firmware.entries());
  }
}

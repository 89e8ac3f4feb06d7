// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.PendingCall;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.Step;
import io.efirts.dispatch.event.Counter;
import io.efirts.dispatch.event.DispatcherEvent;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.testkit.FirmwareHold;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.fault.FirmwareThrows;
import io.efirts.testkit.step.Occurrence;
import io.efirts.testkit.step.StepHooks;
import io.efirts.testkit.step.StepThrow;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An error on the worker at any of its steps ends at most one call, and the worker goes on with the
 * next: every call ends (I-27), the gate is free (I-10), and unless firmware faulted as well the
 * services stay open.
 */
@Timeout(120)
class WorkerErrorTest {
  private static final Set<Outcome> ENDS =
      EnumSet.of(Outcome.COMPLETED, Outcome.FAULTED, Outcome.TIMED_OUT, Outcome.DISABLED);

  @ParameterizedTest
  @MethodSource("io.efirts.dispatch.WorkerErrors#all")
  void theWorkerGoesOn(Step step, int number, Error error) throws InterruptedException {
    ScriptedFirmware firmware = new ScriptedFirmware();
    RecordedEvents events = new RecordedEvents();
    StepHooks hooks = new StepHooks();
    Thread[] worker = new Thread[1];
    try (Dispatcher dispatcher =
        Dispatcher.builder()
            .firmware(firmware)
            .calls(5)
            .bufferBytes(1024)
            .listener(events)
            .stepHook(hooks)
            .threads(
                work -> worker[0] = Thread.ofPlatform().daemon(true).name("worker").unstarted(work))
            .start()) {
      hooks.add(new StepThrow(Occurrence.nth(step, number).by(worker[0]), error));
      for (CallResult result : WorkerErrors.calls(step, dispatcher, firmware, hooks)) {
        assertTrue(ENDS.contains(result.outcome()), result::toString);
      }
      // What gives a handler's call back is contained with the handler.
      Eventually.isTrue(
          "the error must be counted",
          () ->
              dispatcher.count(Counter.WORKER_ERRORS) + dispatcher.count(Counter.HANDLER_FAILURES)
                  == 1);
      if (dispatcher.count(Counter.WORKER_ERRORS) == 1) {
        assertSame(error, events.await(DispatcherEvent.WorkerFailed.class).thrown());
      } else {
        assertSame(error, events.await(DispatcherEvent.HandlerFailed.class).thrown());
      }
      assertTrue(worker[0].isAlive());
      if (step == Step.GATE_DAMAGED) {
        assertEquals(DispatcherMode.DISABLED, dispatcher.mode());
        assertEquals(Outcome.DISABLED, WorkerErrors.vendor(dispatcher).outcome());
      } else {
        assertEquals(DispatcherMode.OPEN, dispatcher.mode());
        // More calls than there are work items: none of them was lost.
        for (int i = 0; i < 16; i++) {
          assertTrue(WorkerErrors.vendor(dispatcher).isSuccess());
        }
        assertDirectCallsGetIn(dispatcher);
      }
    }
    assertEquals(1, firmware.greatestInside());
  }

  private static void assertDirectCallsGetIn(Dispatcher dispatcher) {
    Eventually.isTrue(
        "the gate must be free", () -> WorkerErrors.setVariable(dispatcher).isSuccess());
  }

  /** The only work item there is comes back, or every later call would wait for ever. */
  @Test
  void anErrorDoesNotLoseTheOnlyWorkItem() throws InterruptedException {
    ScriptedFirmware firmware = new ScriptedFirmware();
    StepHooks hooks = new StepHooks();
    FirmwareHold hold = new FirmwareHold();
    firmware.on(RuntimeService.SET_TIME, hold);
    try (Dispatcher dispatcher =
            Dispatcher.builder().firmware(firmware).calls(1).stepHook(hooks).start();
        hold) {
      StepThrow thrown =
          hooks.add(
              new StepThrow(
                  Occurrence.first(Step.CALL_RENEWED)
                      .by(thread -> thread.getName().equals("efi-rts")),
                  new StackOverflowError()));
      assertTrue(WorkerErrors.setTime(dispatcher).firmwareEntered());
      hold.release();
      assertTrue(WorkerErrors.vendor(dispatcher).isSuccess());
      assertNotNull(thrown.thrownOn());
    }
  }

  /** Queued when firmware faults on another path: the worker refuses it. */
  @Test
  void anErrorDoesNotLoseTheEndOfARefusedCall() throws InterruptedException {
    ScriptedFirmware firmware = new ScriptedFirmware();
    firmware.on(RuntimeService.SET_VARIABLE, FirmwareThrows.error(new AssertionError("injected")));
    StepThrow thrown =
        new StepThrow(Occurrence.first(Step.CALL_CANCELLED), new StackOverflowError());
    RecordedEnds ends = new RecordedEnds();
    try (Dispatcher dispatcher =
        Dispatcher.builder().firmware(firmware).stepHook(thrown).invoker().start()) {
      PendingCall call = dispatcher.asyncAbi().newPendingCall(ends);
      assertTrue(dispatcher.asyncAbi().callVendor(call, 1, 0, 0, 0, 0, 0, 0, 0));
      assertEquals(Outcome.FAULTED, WorkerErrors.setVariable(dispatcher).outcome());
      assertTrue(dispatcher.pump());
      assertEquals(CallResult.refused(Outcome.DISABLED, false, false), ends.await().result());
      assertNotNull(thrown.thrownOn());
    }
    assertEquals(1, ends.count());
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.RuntimeService;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.FirmwareHold;
import io.efirts.testkit.ScriptedFirmware;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Closing ends every call exactly once and then the worker (I-27), whatever is stuck. */
@Timeout(60)
class CloseTest {
  private static final CallResult CLOSED = CallResult.refused(Outcome.CLOSED, false, false);

  private final ScriptedFirmware firmware = new ScriptedFirmware();
  private final FirmwareHold hold = new FirmwareHold();
  private Thread workerThread;

  private Dispatcher start(int calls) {
    return Dispatcher.builder()
        .firmware(firmware)
        .calls(calls)
        .threads(
            work -> {
              workerThread = Thread.ofPlatform().daemon(true).name("worker").unstarted(work);
              return workerThread;
            })
        .start();
  }

  private static CallerThread<CallResult> getTime(Dispatcher dispatcher) {
    return CallerThread.start(
        () -> dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null));
  }

  @Test
  void aStuckCallIsGivenUpAndTheWorkerEndsWhenItReturns() throws InterruptedException {
    firmware.on(RuntimeService.GET_TIME, hold);
    try (hold) {
      Dispatcher dispatcher = start(4);
      CallerThread<CallResult> stuck = getTime(dispatcher);
      hold.awaitEntered();
      List<CallerThread<CallResult>> queued = new ArrayList<>();
      // Two of them are queued, the others wait for a call to be lent.
      for (int i = 0; i < 6; i++) {
        queued.add(getTime(dispatcher));
        queued.get(i).awaitParked();
      }
      dispatcher.close(Duration.ofMillis(20));
      assertEquals(CallResult.refused(Outcome.CLOSED, true, false), stuck.result());
      for (CallerThread<CallResult> caller : queued) {
        assertEquals(CLOSED, caller.result());
      }
      assertTrue(workerThread.isAlive(), "it is still inside the firmware");
      hold.release();
      assertTrue(workerThread.join(Duration.ofSeconds(20)));
    }
    assertEquals(1, firmware.entries());
  }

  @Test
  void aQueuedCallBehindAStuckDirectCallIsCancelled() throws InterruptedException {
    firmware.on(RuntimeService.SET_VARIABLE, hold);
    try (hold) {
      Dispatcher dispatcher = start(4);
      CallerThread<CallResult> direct =
          CallerThread.start(
              () -> dispatcher.nonBlocking().setVariable("n", new EfiGuid(1, 2), 7, 0, null));
      hold.awaitEntered();
      CallerThread<CallResult> queued = getTime(dispatcher);
      queued.awaitParked();
      dispatcher.close(Duration.ofMillis(20));
      assertEquals(CLOSED, queued.result());
      assertTrue(workerThread.join(Duration.ofSeconds(20)), "it does not wait for the gate");
      hold.release();
      assertTrue(direct.result().isSuccess(), "a direct call's thread is inside until it returns");
    }
    assertEquals(1, firmware.entries());
  }

  /** Whoever closes may give up the firmware's storage next. */
  @Test
  void aCloseWaitsForADirectCallToo() throws InterruptedException {
    firmware.on(RuntimeService.SET_VARIABLE, hold);
    try (hold) {
      Dispatcher dispatcher = start(4);
      CallerThread<CallResult> direct =
          CallerThread.start(
              () -> dispatcher.nonBlocking().setVariable("n", new EfiGuid(1, 2), 7, 0, null));
      hold.awaitEntered();
      CallerThread<Boolean> closing =
          CallerThread.start(
              () -> {
                dispatcher.close(Duration.ofSeconds(20));
                return true;
              });
      assertFalse(closing.endsWithin(Duration.ofMillis(200)), "somebody is inside");
      hold.release();
      assertTrue(closing.result());
      assertTrue(direct.result().isSuccess());
    }
  }

  @Test
  void modesFollowTheClose() throws InterruptedException {
    firmware.on(RuntimeService.GET_TIME, hold);
    try (hold) {
      Dispatcher dispatcher = start(4);
      assertEquals(DispatcherMode.OPEN, dispatcher.mode());
      CallerThread<CallResult> inside = getTime(dispatcher);
      hold.awaitEntered();
      CallerThread<Boolean> closing =
          CallerThread.start(
              () -> {
                dispatcher.close();
                return true;
              });
      closing.awaitParked();
      assertEquals(DispatcherMode.DRAINING, dispatcher.mode());
      assertEquals(CLOSED, getTime(dispatcher).result());
      hold.release();
      assertTrue(closing.result());
      assertTrue(inside.result().isSuccess());
      assertEquals(DispatcherMode.CLOSED, dispatcher.mode());
      assertFalse(workerThread.isAlive());
    }
  }

  @Test
  void anInterruptedCloseIsOverAtOnceAndKeepsTheFlag() throws InterruptedException {
    firmware.on(RuntimeService.GET_TIME, hold);
    try (hold) {
      Dispatcher dispatcher = start(4);
      CallerThread<CallResult> inside = getTime(dispatcher);
      hold.awaitEntered();
      CallerThread<Boolean> closing =
          CallerThread.start(
              () -> {
                Thread.currentThread().interrupt();
                dispatcher.close(Duration.ofDays(1));
                return Thread.currentThread().isInterrupted();
              });
      assertTrue(closing.result());
      assertEquals(CallResult.refused(Outcome.CLOSED, true, false), inside.result());
    }
  }

  @Test
  void theWorkerCannotCloseItself() {
    Dispatcher[] self = new Dispatcher[1];
    String[] message = new String[1];
    firmware.on(
        RuntimeService.GET_TIME,
        frame -> {
          message[0] =
              assertThrows(IllegalStateException.class, () -> self[0].close()).getMessage();
          return 0;
        });
    try (Dispatcher dispatcher = start(4)) {
      self[0] = dispatcher;
      assertTrue(dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null).isSuccess());
      assertEquals(
          "close must not be called from inside the firmware or a completion handler:"
              + " thread=worker",
          message[0]);
      assertEquals(DispatcherMode.OPEN, dispatcher.mode());
    }
  }

  @Test
  void aWaitIsNotNegative() {
    try (Dispatcher dispatcher = start(4)) {
      assertEquals(
          "wait must not be negative: wait=PT-0.001S",
          assertThrows(
                  IllegalArgumentException.class, () -> dispatcher.close(Duration.ofMillis(-1)))
              .getMessage());
      assertEquals(DispatcherMode.OPEN, dispatcher.mode());
    }
  }

  /** Callers that publish while the dispatcher closes: each gets one answer, none is forgotten. */
  @Test
  void nobodyIsForgottenBetweenPublishingAndClosing() throws InterruptedException {
    for (int round = 0; round < 200; round++) {
      Dispatcher dispatcher = start(4);
      List<CallerThread<Outcome>> callers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        callers.add(CallerThread.start(() -> callUntilRefused(dispatcher)));
      }
      dispatcher.close(Duration.ofSeconds(20));
      for (CallerThread<Outcome> caller : callers) {
        assertEquals(Outcome.CLOSED, caller.result());
      }
      assertFalse(workerThread.isAlive());
    }
  }

  private static Outcome callUntilRefused(Dispatcher dispatcher) {
    EfiTimeHolder time = new EfiTimeHolder();
    CallResult result = dispatcher.runtimeServices().getTime(time, null);
    while (result.isSuccess()) {
      result = dispatcher.runtimeServices().getTime(time, null);
    }
    assertFalse(result.firmwareEntered());
    return result.outcome();
  }

  /** A callback that closes the dispatcher it is called by would wait for itself. */
  @Test
  void closeFromInsideADirectCallOrAResetIsRefused() {
    List<String> messages = new ArrayList<>();
    Dispatcher dispatcher = start(4);
    for (RuntimeService service :
        List.of(RuntimeService.SET_VARIABLE, RuntimeService.RESET_SYSTEM)) {
      firmware.on(
          service,
          frame -> {
            messages.add(assertThrows(IllegalStateException.class, dispatcher::close).getMessage());
            return 0;
          });
    }
    dispatcher.nonBlocking().setVariable("n", new EfiGuid(1, 2), 7, 0, null);
    dispatcher.abi().call(RuntimeService.RESET_SYSTEM, 0, 0, 0, 0, 0);
    String message =
        "close must not be called from inside the firmware or a completion handler: thread="
            + Thread.currentThread().getName();
    assertEquals(List.of(message, message), messages);
    assertEquals(DispatcherMode.OPEN, dispatcher.mode());
    dispatcher.close();
  }
}

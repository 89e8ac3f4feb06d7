// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.RuntimeService;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.FirmwareHold;
import io.efirts.testkit.ScriptedFirmware;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A deadline lets its caller go and harms nobody else; it never disables anything (I-12). */
@Timeout(60)
class DeadlineTest {
  private static final Duration SHORT = Duration.ofMillis(20);
  private static final CallResult NOT_MADE = CallResult.refused(Outcome.TIMED_OUT, false, false);

  private final ScriptedFirmware firmware = new ScriptedFirmware();
  private final FirmwareHold hold = new FirmwareHold();

  private Dispatcher start(int calls) {
    firmware.on(RuntimeService.SET_TIME, hold);
    return Dispatcher.builder()
        .firmware(firmware)
        .calls(calls)
        .closeWait(Duration.ofSeconds(20))
        .start();
  }

  private CallerThread<CallResult> stuckCall(Dispatcher dispatcher) throws InterruptedException {
    CallerThread<CallResult> stuck =
        CallerThread.start(() -> dispatcher.abi().call(RuntimeService.SET_TIME, 0, 0, 0, 0, 0));
    hold.awaitEntered();
    return stuck;
  }

  private static CallResult getTime(Dispatcher dispatcher, Duration timeout) {
    return dispatcher.runtimeServices(timeout).getTime(new EfiTimeHolder(), null);
  }

  /** On a busy machine a short deadline can pass before the call is made: then it is repeated. */
  private static CallerThread<CallResult> callUntilInside(Supplier<CallResult> call) {
    return CallerThread.start(
        () -> {
          CallResult result = call.get();
          while (!result.firmwareEntered()) {
            result = call.get();
          }
          return result;
        });
  }

  @Test
  void aQueuedCallThatTimesOutIsNotMade() throws InterruptedException {
    try (Dispatcher dispatcher = start(4);
        hold) {
      CallerThread<CallResult> stuck = stuckCall(dispatcher);
      assertEquals(NOT_MADE, getTime(dispatcher, SHORT));
      hold.release();
      assertTrue(stuck.result().isSuccess(), "its neighbour is not affected");
      assertTrue(getTime(dispatcher, Duration.ofDays(1_000_000)).isSuccess());
    }
    assertEquals(2, firmware.entries());
  }

  @Test
  void aTypedCallThatTimesOutInsideIsAbandoned() throws InterruptedException {
    FirmwareHold inside = new FirmwareHold();
    firmware.on(RuntimeService.GET_TIME, inside);
    try (Dispatcher dispatcher = start(4);
        inside) {
      CallerThread<CallResult> caller = callUntilInside(() -> getTime(dispatcher, SHORT));
      inside.awaitEntered();
      assertEquals(CallResult.refused(Outcome.TIMED_OUT, true, false), caller.result());
      assertEquals(DispatcherMode.OPEN, dispatcher.mode());
      inside.release();
      assertTrue(getTime(dispatcher, Duration.ofSeconds(30)).isSuccess());
    }
  }

  @Test
  void anAbiCallThatTimesOutInsideSaysThatFirmwareMayStillWrite() throws InterruptedException {
    try (Dispatcher dispatcher = start(4);
        hold) {
      CallerThread<CallResult> service =
          callUntilInside(() -> dispatcher.abi(SHORT).call(RuntimeService.SET_TIME, 0, 0, 0, 0, 0));
      hold.awaitEntered();
      assertEquals(CallResult.refused(Outcome.TIMED_OUT, true, true), service.result());
      assertEquals(NOT_MADE, dispatcher.abi(SHORT).callVendor(1, 0, 0, 0, 0, 0, 0, 0));
    }
    assertEquals(1, firmware.entries());
  }

  @Test
  void aCallThatFindsNoCallToLendIsBusy() throws InterruptedException {
    try (Dispatcher dispatcher = start(1);
        hold) {
      CallerThread<CallResult> stuck = stuckCall(dispatcher);
      CallResult busy = CallResult.refused(Outcome.BUSY, false, false);
      assertEquals(busy, getTime(dispatcher, SHORT));
      assertEquals(busy, dispatcher.abi(SHORT).callVendor(1, 0, 0, 0, 0, 0, 0, 0));
      hold.release();
      assertTrue(stuck.result().isSuccess());
      assertTrue(getTime(dispatcher, Duration.ofSeconds(30)).isSuccess());
    }
    assertEquals(2, firmware.entries());
  }

  @Test
  void aCallThatFindsNoRoomInTheRingIsBusy() throws InterruptedException {
    // Two calls, hence four slots: one is held by the stuck call, each call that timed out leaves
    // one behind.
    try (Dispatcher dispatcher = start(2);
        hold) {
      CallerThread<CallResult> stuck = stuckCall(dispatcher);
      for (int slot = 1; slot < 4; slot++) {
        assertEquals(NOT_MADE, getTime(dispatcher, SHORT));
      }
      assertEquals(CallResult.refused(Outcome.BUSY, false, false), getTime(dispatcher, SHORT));
      hold.release();
      assertTrue(stuck.result().isSuccess());
      for (int i = 0; i < 8; i++) {
        assertTrue(getTime(dispatcher, Duration.ofSeconds(30)).isSuccess());
      }
    }
    assertEquals(9, firmware.entries());
  }

  @Test
  void aCallThatFindsNoRoomInTheRingCanBeInterrupted() throws InterruptedException {
    try (Dispatcher dispatcher = start(2);
        hold) {
      CallerThread<CallResult> stuck = stuckCall(dispatcher);
      for (int slot = 1; slot < 4; slot++) {
        assertEquals(NOT_MADE, getTime(dispatcher, SHORT));
      }
      CallerThread<CallResult> waiting =
          CallerThread.start(() -> dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null));
      waiting.awaitParked();
      waiting.thread().interrupt();
      assertEquals(CallResult.refused(Outcome.INTERRUPTED, false, false), waiting.result());
      hold.release();
      assertTrue(stuck.result().isSuccess());
    }
    assertEquals(1, firmware.entries());
  }

  @Test
  void aTimeoutIsPositive() {
    try (Dispatcher dispatcher = start(1)) {
      for (Duration timeout : new Duration[] {Duration.ZERO, Duration.ofNanos(-1)}) {
        assertEquals(
            "timeout must be positive: timeout=" + timeout,
            assertThrows(IllegalArgumentException.class, () -> dispatcher.runtimeServices(timeout))
                .getMessage());
        assertThrows(IllegalArgumentException.class, () -> dispatcher.abi(timeout));
      }
    }
  }
}

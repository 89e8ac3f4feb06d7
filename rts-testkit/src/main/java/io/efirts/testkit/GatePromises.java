// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit;

import static io.efirts.testkit.FaultPromises.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.LongHolder;
import io.efirts.api.Outcome;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.Firmware;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who may be inside, in which order, and who is refused instead of waiting. */
interface GatePromises extends DispatcherFixture {
  /** I-11. */
  @Test
  default void queuedCallsAreMadeInTheOrderInWhichTheyWereQueued() throws InterruptedException {
    ScriptedFirmware firmware = new ScriptedFirmware().record(8);
    FirmwareHold hold = new FirmwareHold();
    firmware.on(RuntimeService.SET_TIME, hold);
    try (hold;
        DispatcherUnderTest dispatcher = open(firmware)) {
      List<CallerThread<CallResult>> callers = new ArrayList<>();
      callers.add(
          CallerThread.start(() -> dispatcher.abi().call(RuntimeService.SET_TIME, 0, 0, 0, 0, 0)));
      hold.awaitEntered();
      for (int i = 1; i < 8; i++) {
        long word = i;
        callers.add(
            CallerThread.start(() -> dispatcher.abi().callVendor(0x1000, 1, word, 0, 0, 0, 0, 0)));
        callers.get(i).awaitParked();
      }
      hold.release();
      for (CallerThread<CallResult> caller : callers) {
        assertTrue(caller.result().isSuccess());
      }
    }
    for (int i = 1; i < 8; i++) {
      assertEquals(List.of((long) i), firmware.recorded().get(i).words());
    }
    assertEquals(1, firmware.greatestInside());
  }

  /** I-2. */
  @Test
  default void queuedCallsRunOnOneWorkerAndDirectCallsOnTheirCaller() {
    ScriptedFirmware firmware = new ScriptedFirmware().record(4);
    try (DispatcherUnderTest dispatcher = open(firmware)) {
      dispatcher.typed().getTime(new EfiTimeHolder(), null);
      dispatcher.abi().callVendor(1, 0, 0, 0, 0, 0, 0, 0);
      dispatcher.nonBlocking().setVariable("n", VENDOR, 7, 0, null);
      dispatcher.typed().resetSystem(ResetType.COLD, EfiStatus.SUCCESS, null);
    }
    List<RecordedCall> calls = firmware.recorded();
    assertNotEquals(Thread.currentThread(), calls.get(0).thread());
    assertEquals(calls.get(0).thread(), calls.get(1).thread());
    assertEquals(Thread.currentThread(), calls.get(2).thread());
    assertEquals(Thread.currentThread(), calls.get(3).thread());
  }

  /** I-4, I-5. */
  @Test
  default void nonBlockingCallsAreBusyWhileSomebodyElseIsInside() throws InterruptedException {
    ScriptedFirmware firmware = new ScriptedFirmware();
    FirmwareHold hold = new FirmwareHold();
    firmware.on(RuntimeService.GET_TIME, hold);
    try (hold;
        DispatcherUnderTest dispatcher = open(firmware)) {
      CallerThread<CallResult> inside =
          CallerThread.start(() -> dispatcher.typed().getTime(new EfiTimeHolder(), null));
      hold.awaitEntered();
      LongHolder untouched = new LongHolder(5);
      assertBusy(dispatcher.nonBlocking().setVariable("n", VENDOR, 7, 0, null));
      assertBusy(dispatcher.nonBlocking().queryVariableInfo(7, untouched, untouched, untouched));
      assertEquals(5, untouched.value);
      assertEquals(1, firmware.entries());
      hold.release();
      assertTrue(inside.result().isSuccess());
      assertTrue(dispatcher.nonBlocking().setVariable("n", VENDOR, 7, 0, null).isSuccess());
    }
  }

  /** I-4. */
  @Test
  default void nonBlockingCallsAreBusyFromInsideTheFirmware() {
    DispatcherUnderTest[] self = new DispatcherUnderTest[1];
    List<CallResult> nested = new ArrayList<>();
    ScriptedFirmware firmware = new ScriptedFirmware();
    Firmware nesting =
        frame -> {
          nested.add(self[0].nonBlocking().setVariable("n", VENDOR, 7, 0, null));
          return 0;
        };
    firmware.on(RuntimeService.GET_TIME, nesting).on(RuntimeService.QUERY_VARIABLE_INFO, nesting);
    try (DispatcherUnderTest dispatcher = open(firmware)) {
      self[0] = dispatcher;
      assertTrue(dispatcher.typed().getTime(new EfiTimeHolder(), null).isSuccess());
      assertTrue(
          dispatcher
              .nonBlocking()
              .queryVariableInfo(7, new LongHolder(), new LongHolder(), new LongHolder())
              .isSuccess());
    }
    assertEquals(2, nested.size());
    nested.forEach(GatePromises::assertBusy);
    assertEquals(2, firmware.entries());
  }

  @Test
  default void blockingCallsFromInsideTheFirmwareWouldBlock() {
    DispatcherUnderTest[] self = new DispatcherUnderTest[1];
    List<CallResult> nested = new ArrayList<>();
    ScriptedFirmware firmware = new ScriptedFirmware();
    Firmware nesting =
        frame -> {
          nested.add(self[0].typed().getTime(new EfiTimeHolder(), null));
          nested.add(self[0].abi().callVendor(1, 0, 0, 0, 0, 0, 0, 0));
          return 0;
        };
    firmware.on(RuntimeService.SET_VARIABLE, nesting);
    try (DispatcherUnderTest dispatcher = open(firmware)) {
      self[0] = dispatcher;
      assertTrue(dispatcher.typed().setVariable("n", VENDOR, 7, 0, null).isSuccess());
      assertTrue(dispatcher.nonBlocking().setVariable("n", VENDOR, 7, 0, null).isSuccess());
      assertTrue(dispatcher.typed().getTime(new EfiTimeHolder(), null).isSuccess());
    }
    assertEquals(4, nested.size());
    nested.forEach(result -> assertRefused(Outcome.WOULD_BLOCK, EfiStatus.NOT_READY, result));
    assertEquals(3, firmware.entries());
  }

  private static void assertBusy(CallResult result) {
    assertRefused(Outcome.BUSY, EfiStatus.NOT_READY, result);
  }
}

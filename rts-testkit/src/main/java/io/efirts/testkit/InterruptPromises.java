// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit;

import static io.efirts.testkit.FaultPromises.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.RuntimeService;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** I-6: interrupting a waiter acts before dispatch only, and the flag is always kept. */
interface InterruptPromises extends DispatcherFixture {
  /** A result, and the interrupt flag after the call. */
  record Ended(CallResult result, boolean interrupted) {}

  private static Ended call(DispatcherUnderTest dispatcher) {
    CallResult result = dispatcher.typed().getTime(new EfiTimeHolder(), null);
    return new Ended(result, Thread.currentThread().isInterrupted());
  }

  @Test
  default void anInterruptedThreadsCallIsNotMade() throws InterruptedException {
    ScriptedFirmware firmware = new ScriptedFirmware();
    try (DispatcherUnderTest dispatcher = open(firmware)) {
      CallerThread<Ended> caller =
          CallerThread.start(
              () -> {
                Thread.currentThread().interrupt();
                return call(dispatcher);
              });
      Ended ended = caller.result();
      assertRefused(Outcome.INTERRUPTED, EfiStatus.ABORTED, ended.result);
      assertTrue(ended.interrupted);
    }
    assertEquals(0, firmware.entries());
  }

  @Test
  default void anInterruptWhileQueuedTakesTheCallBack() throws InterruptedException {
    ScriptedFirmware firmware = new ScriptedFirmware();
    FirmwareHold hold = new FirmwareHold();
    firmware.on(RuntimeService.SET_TIME, hold);
    try (hold;
        DispatcherUnderTest dispatcher = open(firmware)) {
      CallerThread<CallResult> inside =
          CallerThread.start(() -> dispatcher.abi().call(RuntimeService.SET_TIME, 0, 0, 0, 0, 0));
      hold.awaitEntered();
      CallerThread<Ended> queued = CallerThread.start(() -> call(dispatcher));
      queued.awaitParked();
      queued.thread().interrupt();
      Ended ended = queued.result();
      assertRefused(Outcome.INTERRUPTED, EfiStatus.ABORTED, ended.result);
      assertTrue(ended.interrupted);
      hold.release();
      assertTrue(inside.result().isSuccess());
      assertEquals(1, firmware.entries());
      assertTrue(call(dispatcher).result.isSuccess());
    }
  }

  @Test
  default void anInterruptDuringTheCallDoesNotEndTheWait() throws InterruptedException {
    ScriptedFirmware firmware = new ScriptedFirmware();
    FirmwareHold hold = new FirmwareHold();
    firmware.on(RuntimeService.GET_TIME, hold);
    try (hold;
        DispatcherUnderTest dispatcher = open(firmware)) {
      CallerThread<Ended> caller = CallerThread.start(() -> call(dispatcher));
      hold.awaitEntered();
      caller.thread().interrupt();
      assertFalse(caller.endsWithin(Duration.ofMillis(200)), "firmware is still inside the call");
      hold.release();
      Ended ended = caller.result();
      assertTrue(ended.result.isSuccess());
      assertTrue(ended.interrupted);
    }
  }

  @Test
  default void nonBlockingCallsAreMadeInSpiteOfAnInterrupt() throws InterruptedException {
    ScriptedFirmware firmware = new ScriptedFirmware();
    try (DispatcherUnderTest dispatcher = open(firmware)) {
      CallerThread<Ended> caller =
          CallerThread.start(
              () -> {
                Thread.currentThread().interrupt();
                CallResult result = dispatcher.nonBlocking().setVariable("n", VENDOR, 7, 0, null);
                return new Ended(result, Thread.currentThread().isInterrupted());
              });
      assertTrue(caller.result().result.isSuccess());
      assertTrue(caller.result().interrupted);
    }
  }
}

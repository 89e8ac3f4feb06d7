// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit;

import static io.efirts.testkit.FaultPromises.WAYS_IN;
import static io.efirts.testkit.FaultPromises.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.RuntimeService;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** I-27: closing completes everybody's call exactly once, and nothing is called afterwards. */
interface ClosePromises extends DispatcherFixture {
  @Test
  default void everyWayInIsClosed() {
    ScriptedFirmware firmware = new ScriptedFirmware();
    DispatcherUnderTest dispatcher = open(firmware);
    dispatcher.close();
    for (DispatcherCall wayIn : WAYS_IN) {
      assertRefused(Outcome.CLOSED, EfiStatus.ABORTED, wayIn.make(dispatcher));
    }
    assertEquals(0, firmware.entries());
  }

  @Test
  default void aSecondCloseDoesNothing() {
    ScriptedFirmware firmware = new ScriptedFirmware();
    DispatcherUnderTest dispatcher = open(firmware);
    assertTrue(dispatcher.typed().getTime(new EfiTimeHolder(), null).isSuccess());
    dispatcher.close();
    dispatcher.close();
    assertRefused(
        Outcome.CLOSED, EfiStatus.ABORTED, dispatcher.typed().getTime(new EfiTimeHolder(), null));
    assertEquals(1, firmware.entries());
  }

  @Test
  default void callsUnderWayAreMadeIfTheyEndInTime() throws InterruptedException {
    ScriptedFirmware firmware = new ScriptedFirmware();
    FirmwareHold hold = new FirmwareHold();
    firmware.on(RuntimeService.SET_TIME, hold);
    try (hold) {
      DispatcherUnderTest dispatcher = open(firmware);
      CallerThread<CallResult> inside =
          CallerThread.start(() -> dispatcher.abi().call(RuntimeService.SET_TIME, 0, 0, 0, 0, 0));
      hold.awaitEntered();
      CallerThread<CallResult> queued =
          CallerThread.start(() -> dispatcher.typed().getTime(new EfiTimeHolder(), null));
      queued.awaitParked();
      CallerThread<Boolean> closing =
          CallerThread.start(
              () -> {
                dispatcher.close(Patience.LIMIT);
                return true;
              });
      closing.awaitParked();
      hold.release();
      assertTrue(closing.result());
      assertTrue(inside.result().isSuccess());
      assertTrue(queued.result().isSuccess());
    }
    assertEquals(2, firmware.entries());
  }

  @Test
  default void callsThatDoNotEndInTimeAreGivenUp() throws InterruptedException {
    ScriptedFirmware firmware = new ScriptedFirmware();
    FirmwareHold hold = new FirmwareHold();
    firmware.on(RuntimeService.SET_TIME, hold);
    try (hold) {
      DispatcherUnderTest dispatcher = open(firmware);
      CallerThread<CallResult> words =
          CallerThread.start(() -> dispatcher.abi().call(RuntimeService.SET_TIME, 0, 0, 0, 0, 0));
      hold.awaitEntered();
      CallerThread<CallResult> queued =
          CallerThread.start(() -> dispatcher.typed().getTime(new EfiTimeHolder(), null));
      queued.awaitParked();
      dispatcher.close(Duration.ofMillis(20));
      assertRefused(Outcome.CLOSED, EfiStatus.ABORTED, queued.result());
      assertEquals(CallResult.refused(Outcome.CLOSED, true, true), words.result());
      hold.release();
    }
    assertEquals(1, firmware.entries());
  }

  @Test
  default void aFaultedDispatcherCloses() {
    ScriptedFirmware firmware =
        new ScriptedFirmware()
            .on(
                RuntimeService.GET_TIME,
                frame -> {
                  throw new IllegalStateException("firmware");
                });
    DispatcherUnderTest dispatcher = open(firmware);
    assertEquals(Outcome.FAULTED, dispatcher.typed().getTime(new EfiTimeHolder(), null).outcome());
    dispatcher.close();
    for (DispatcherCall wayIn : WAYS_IN) {
      assertRefused(Outcome.CLOSED, EfiStatus.ABORTED, wayIn.make(dispatcher));
    }
  }
}

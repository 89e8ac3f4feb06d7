// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.LongHolder;
import io.efirts.api.Outcome;
import io.efirts.api.memory.Access;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.Firmware;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Whatever firmware throws ends in a defined status (I-12), frees the gate (I-10) and disables the
 * services before anybody learns of it (I-9); what is refused then has no effect (I-5).
 */
interface FaultPromises extends DispatcherFixture {
  /** Every way in that can reach the services after a fault. */
  List<DispatcherCall> WAYS_IN =
      List.of(
          dispatcher -> dispatcher.typed().getTime(new EfiTimeHolder(), null),
          dispatcher -> dispatcher.typed().setVariable("n", DispatcherFixture.VENDOR, 7, 0, null),
          dispatcher -> dispatcher.abi().call(RuntimeService.SET_TIME, 0, 0, 0, 0, 0),
          dispatcher -> dispatcher.abi().callVendor(1, 0, 0, 0, 0, 0, 0, 0),
          dispatcher ->
              dispatcher.nonBlocking().setVariable("n", DispatcherFixture.VENDOR, 7, 0, null),
          dispatcher ->
              dispatcher
                  .nonBlocking()
                  .queryVariableInfo(7, new LongHolder(), new LongHolder(), new LongHolder()),
          dispatcher -> dispatcher.typed().resetSystem(ResetType.COLD, EfiStatus.SUCCESS, null));

  @Test
  default void anExceptionInAQueuedCallIsAFault() {
    assertContained(
        frame -> {
          throw new IllegalStateException("firmware");
        });
  }

  @Test
  default void anErrorInAQueuedCallIsAFault() {
    assertContained(
        frame -> {
          throw new StackOverflowError("firmware");
        });
  }

  @Test
  default void aMemoryFaultInAQueuedCallIsAFault() {
    assertContained(
        frame -> {
          throw new FirmwareFault(FaultKind.NOT_MAPPED, 0xdead_0000L, Access.WRITE, 0);
        });
    // The same raised by memory itself: nothing is mapped at the top of the address space.
    assertContained(frame -> frame.memory().getLong(-8));
  }

  @Test
  default void aFaultInADirectCallIsAFault() {
    Firmware broken =
        frame -> {
          throw new AssertionError("firmware");
        };
    ScriptedFirmware firmware = new ScriptedFirmware().on(RuntimeService.SET_VARIABLE, broken);
    try (DispatcherUnderTest dispatcher = open(firmware)) {
      assertFaulted(dispatcher.nonBlocking().setVariable("n", VENDOR, 7, 0, null));
      assertDisabled(dispatcher, firmware);
    }
    ScriptedFirmware other = new ScriptedFirmware().on(RuntimeService.RESET_SYSTEM, broken);
    try (DispatcherUnderTest dispatcher = open(other)) {
      assertFaulted(dispatcher.typed().resetSystem(ResetType.WARM, EfiStatus.SUCCESS, null));
      assertDisabled(dispatcher, other);
    }
  }

  @Test
  default void callsQueuedBehindAFaultAreRefused() throws InterruptedException {
    ScriptedFirmware firmware = new ScriptedFirmware();
    FirmwareHold hold =
        new FirmwareHold(
            frame -> {
              throw new IllegalStateException("firmware");
            });
    firmware.on(RuntimeService.SET_TIME, hold);
    try (hold;
        DispatcherUnderTest dispatcher = open(firmware)) {
      CallerThread<CallResult> faulting =
          CallerThread.start(() -> dispatcher.abi().call(RuntimeService.SET_TIME, 0, 0, 0, 0, 0));
      hold.awaitEntered();
      CallerThread<CallResult> behind =
          CallerThread.start(() -> dispatcher.typed().getTime(new EfiTimeHolder(), null));
      behind.awaitParked();
      hold.release();
      assertFaulted(faulting.result());
      assertRefused(Outcome.DISABLED, EfiStatus.DEVICE_ERROR, behind.result());
    }
    assertEquals(1, firmware.entries());
  }

  private void assertContained(Firmware broken) {
    ScriptedFirmware firmware = new ScriptedFirmware().on(RuntimeService.GET_TIME, broken);
    try (DispatcherUnderTest dispatcher = open(firmware)) {
      EfiTimeHolder time = new EfiTimeHolder();
      assertFaulted(dispatcher.typed().getTime(time, null));
      assertEquals(0, time.year());
      assertDisabled(dispatcher, firmware);
    }
  }

  private static void assertFaulted(CallResult result) {
    assertEquals(Outcome.FAULTED, result.outcome());
    assertEquals(EfiStatus.ABORTED, result.status());
    assertTrue(result.firmwareEntered());
    assertFalse(result.firmwareMayStillWrite());
  }

  private static void assertDisabled(DispatcherUnderTest dispatcher, ScriptedFirmware firmware) {
    long entries = firmware.entries();
    for (DispatcherCall wayIn : WAYS_IN) {
      assertRefused(Outcome.DISABLED, EfiStatus.DEVICE_ERROR, wayIn.make(dispatcher));
    }
    assertEquals(entries, firmware.entries());
  }

  /** A refusal that says that nothing happened. */
  static void assertRefused(Outcome outcome, EfiStatus status, CallResult result) {
    assertEquals(outcome, result.outcome());
    assertEquals(status, result.status());
    assertFalse(result.firmwareEntered());
    assertFalse(result.firmwareMayStillWrite());
  }
}

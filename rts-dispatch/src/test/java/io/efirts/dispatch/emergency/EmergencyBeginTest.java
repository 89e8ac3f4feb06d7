// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.emergency;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.Step;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.DispatcherBuilder;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.FirmwareHold;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.VirtualClock;
import io.efirts.testkit.step.StepLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a panicking thread takes the firmware over. */
@Timeout(60)
class EmergencyBeginTest {
  private static final EfiGuid GUID = new EfiGuid(1, 2);

  /** By the virtual clock; looks are counted too, and no machine is so slow that they run out. */
  private static final Duration GRACE = Duration.ofDays(1);

  private final VirtualClock clock = new VirtualClock();
  private final StepLog steps = new StepLog();
  private final FirmwareHold hold = new FirmwareHold();
  private final ScriptedFirmware firmware =
      new ScriptedFirmware().on(RuntimeService.SET_VARIABLE, hold);

  private DispatcherBuilder builder() {
    return Dispatcher.builder().firmware(firmware).calls(4).clock(clock).stepHook(steps);
  }

  private CallerThread<CallResult> stopInside(Dispatcher dispatcher) throws InterruptedException {
    CallerThread<CallResult> inside =
        CallerThread.start(() -> dispatcher.nonBlocking().setVariable("n", GUID, 7, 0, null));
    hold.awaitEntered();
    return inside;
  }

  @Test
  void theFirstOfManyWins() throws InterruptedException {
    for (int round = 0; round < 50; round++) {
      try (Dispatcher dispatcher =
          Dispatcher.builder().firmware(firmware).calls(1).invoker().start()) {
        CountDownLatch start = new CountDownLatch(1);
        List<CallerThread<Emergency>> panics = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          panics.add(
              CallerThread.start(
                  () -> {
                    start.await();
                    return dispatcher.beginEmergency(Duration.ZERO);
                  }));
        }
        start.countDown();
        int won = 0;
        for (CallerThread<Emergency> panic : panics) {
          won += panic.result() == null ? 0 : 1;
        }
        assertEquals(1, won);
        assertNull(dispatcher.beginEmergency(GRACE));
      }
    }
  }

  @Test
  void nobodyTakesAClosedOrDeadOneOver() {
    Dispatcher closed = builder().invoker().start();
    closed.close();
    assertNull(closed.beginEmergency(GRACE));
    assertEquals(DispatcherMode.CLOSED, closed.mode());
    try (Dispatcher dead = builder().invoker().start()) {
      dead.beginEmergency(GRACE).end();
      assertEquals(DispatcherMode.DEAD, dead.mode());
      assertNull(dead.beginEmergency(GRACE));
    }
  }

  @Test
  void aGracePeriodIsNotNegative() {
    try (Dispatcher dispatcher = builder().invoker().start()) {
      assertEquals(
          "grace must not be negative: grace=PT-1S",
          assertThrows(
                  IllegalArgumentException.class,
                  () -> dispatcher.beginEmergency(Duration.ofSeconds(-1)))
              .getMessage());
      assertEquals(DispatcherMode.OPEN, dispatcher.mode());
    }
  }

  @Test
  void whoComesBackWithinTheGraceLeavesWholeFirmware() throws InterruptedException {
    try (Dispatcher dispatcher = builder().invoker().start();
        hold) {
      CallerThread<CallResult> inside = stopInside(dispatcher);
      CallerThread<Emergency> panic = CallerThread.start(() -> dispatcher.beginEmergency(GRACE));
      panic.awaitParked();
      clock.advance(GRACE.minusNanos(1));
      hold.release();
      assertTrue(inside.result().isSuccess());
      Emergency emergency = panic.result();
      assertFalse(emergency.firmwareWasInterrupted());
      assertTrue(emergency.canCallFirmware());
    }
  }

  @Test
  void whoDoesNotIsInterrupted() throws InterruptedException {
    try (Dispatcher dispatcher = builder().invoker().start();
        hold) {
      CallerThread<CallResult> inside = stopInside(dispatcher);
      CallerThread<Emergency> panic = CallerThread.start(() -> dispatcher.beginEmergency(GRACE));
      panic.awaitParked();
      assertEquals(0, steps.count(Step.GATE_SEIZED));
      clock.advance(GRACE);
      Emergency emergency = panic.result();
      assertEquals(1, steps.count(Step.GATE_SEIZED));
      assertTrue(emergency.firmwareWasInterrupted());
      assertFalse(emergency.canCallFirmware());
      hold.release();
      inside.result();
    }
  }

  @Test
  void theThreadThatIsInsideItselfHasNoGrace() {
    Dispatcher[] self = new Dispatcher[1];
    Emergency[] emergency = new Emergency[1];
    firmware.on(
        RuntimeService.SET_VARIABLE,
        frame -> {
          // The clock stands still: any wait would be for ever.
          emergency[0] = self[0].beginEmergency(Duration.ofDays(1));
          return 0;
        });
    try (Dispatcher dispatcher = builder().invoker().start()) {
      self[0] = dispatcher;
      dispatcher.nonBlocking().setVariable("n", GUID, 7, 0, null);
      assertNotNull(emergency[0]);
      assertTrue(emergency[0].firmwareWasInterrupted());
      assertEquals(DispatcherMode.EMERGENCY, dispatcher.mode());
    }
  }
}

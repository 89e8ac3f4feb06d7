// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.emergency;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.efirts.api.CallResult;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.RuntimeService;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.DispatcherBuilder;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.FirmwareHold;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * I-18: a firmware that hangs in a call of the emergency's own. Nobody else is left to notice, so
 * the next thread that panics resets by the fallbacks.
 */
@Timeout(60)
class StalledEmergencyTest {
  private static final EfiGuid GUID = new EfiGuid(1, 2);
  private static final Duration LEAST = Duration.ofSeconds(2);
  private static final Duration NANO = Duration.ofNanos(1);

  private final VirtualClock clock = new VirtualClock();
  private final FirmwareHold hold = new FirmwareHold();
  private final List<ResetType> tried = new ArrayList<>();
  private final ScriptedFirmware firmware =
      new ScriptedFirmware().on(RuntimeService.SET_VARIABLE, hold);

  private DispatcherBuilder builder() {
    return Dispatcher.builder()
        .firmware(firmware)
        .calls(4)
        .clock(clock)
        .storageReserve(0)
        .invoker()
        .resetFallback(tried::add);
  }

  /** A later panic, which never takes the firmware over. */
  private void panicAgain(Dispatcher dispatcher) {
    assertNull(dispatcher.beginEmergency(Duration.ofDays(1)));
  }

  private void assertNotStalled(Dispatcher dispatcher) {
    panicAgain(dispatcher);
    assertEquals(List.of(), tried);
  }

  private void assertStalled(Dispatcher dispatcher) {
    panicAgain(dispatcher);
    assertEquals(List.of(ResetType.COLD), tried);
    panicAgain(dispatcher);
    assertEquals(1, tried.size(), "a reset is under way");
  }

  /** Four grace periods, and at least two seconds. */
  @ParameterizedTest
  @CsvSource({
    "PT0S, PT2S",
    "PT0.000000001S, PT2S",
    "PT0.5S, PT2S",
    "PT0.500000001S, PT2.000000004S",
    "PT1S, PT4S",
    "PT1H, PT4H"
  })
  void theNextPanicResetsOnceTheFirstDoesNotGetOn(Duration grace, Duration limit)
      throws InterruptedException {
    try (Dispatcher dispatcher = builder().start();
        hold) {
      Emergency emergency = dispatcher.beginEmergency(grace);
      CallerThread<CallResult> hanging =
          CallerThread.start(() -> emergency.setVariable("n", GUID, 7, 0, null));
      hold.awaitEntered();
      assertNotStalled(dispatcher);
      clock.advance(limit.minus(NANO));
      assertNotStalled(dispatcher);
      clock.advance(NANO);
      assertStalled(dispatcher);
      hold.release();
      hanging.result();
    }
  }

  /** Whoever comes later with another grace period does not change when the first one stalls. */
  @Test
  void theFirstPanicsGraceCounts() throws InterruptedException {
    try (Dispatcher dispatcher = builder().start();
        hold) {
      Emergency emergency = dispatcher.beginEmergency(Duration.ofSeconds(10));
      CallerThread<CallResult> hanging =
          CallerThread.start(() -> emergency.setVariable("n", GUID, 7, 0, null));
      hold.awaitEntered();
      clock.advance(Duration.ofSeconds(20));
      assertNull(dispatcher.beginEmergency(Duration.ZERO));
      clock.advance(Duration.ofSeconds(20).minus(NANO));
      assertNotStalled(dispatcher);
      clock.advance(NANO);
      assertStalled(dispatcher);
      hold.release();
      hanging.result();
    }
  }

  @Test
  void eachCallIsProgress() {
    firmware.on(RuntimeService.SET_VARIABLE, frame -> 0);
    try (Dispatcher dispatcher = builder().start()) {
      Emergency emergency = dispatcher.beginEmergency(Duration.ZERO);
      for (int i = 0; i < 5; i++) {
        clock.advance(LEAST.minus(NANO));
        assertNotStalled(dispatcher);
        emergency.setVariable("n", GUID, 7, 0, null);
      }
      clock.advance(LEAST.minus(NANO));
      assertNotStalled(dispatcher);
      clock.advance(NANO);
      assertStalled(dispatcher);
    }
  }

  /** A slow call that comes back was none that hangs. */
  @Test
  void theEndOfACallIsProgressToo() {
    firmware.on(
        RuntimeService.SET_VARIABLE,
        frame -> {
          clock.advance(LEAST.multipliedBy(10));
          return 0;
        });
    try (Dispatcher dispatcher = builder().start()) {
      Emergency emergency = dispatcher.beginEmergency(Duration.ZERO);
      emergency.setVariable("n", GUID, 7, 0, null);
      assertNotStalled(dispatcher);
    }
  }

  /** Its grace period itself is no stall, however long it is. */
  @Test
  void whoWaitsForACallThatIsInsideGetsOn() throws InterruptedException {
    Duration grace = Duration.ofSeconds(30);
    try (Dispatcher dispatcher = builder().start();
        hold) {
      CallerThread<CallResult> inside =
          CallerThread.start(() -> dispatcher.nonBlocking().setVariable("n", GUID, 7, 0, null));
      hold.awaitEntered();
      CallerThread<Emergency> first = CallerThread.start(() -> dispatcher.beginEmergency(grace));
      first.awaitParked();
      clock.advance(grace.minus(NANO));
      assertNotStalled(dispatcher);
      clock.advance(NANO);
      assertNotNull(first.result());
      clock.advance(grace.multipliedBy(4).minus(NANO));
      assertNotStalled(dispatcher);
      hold.release();
      inside.result();
    }
  }

  @Test
  void aGracePeriodWithoutEndIsNoOverflow() {
    try (Dispatcher dispatcher = builder().start()) {
      dispatcher.beginEmergency(Duration.ofSeconds(Long.MAX_VALUE));
      clock.advance(Duration.ofDays(365 * 100));
      assertNotStalled(dispatcher);
    }
  }

  @Test
  void anEmergencyThatHasEndedDoesNotStall() {
    try (Dispatcher dispatcher = builder().start()) {
      dispatcher.beginEmergency(Duration.ZERO).end();
      clock.advance(Duration.ofDays(1));
      assertNotStalled(dispatcher);
    }
  }

  /** The panicking thread itself may come back to its own emergency. */
  @Test
  void aResetThatHangsIsAStallToo() throws InterruptedException {
    firmware.on(RuntimeService.RESET_SYSTEM, hold);
    try (Dispatcher dispatcher = builder().start();
        hold) {
      Emergency emergency = dispatcher.beginEmergency(Duration.ZERO);
      CallerThread<CallResult> hanging =
          CallerThread.start(() -> emergency.resetSystem(ResetType.WARM, EfiStatus.SUCCESS, null));
      hold.awaitEntered();
      clock.advance(LEAST);
      assertStalled(dispatcher);
      hold.release();
      hanging.result();
      assertEquals(List.of(ResetType.COLD), tried, "a reset is under way");
    }
  }
}

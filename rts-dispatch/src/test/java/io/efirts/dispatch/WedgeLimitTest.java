// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.PendingCall;
import io.efirts.api.spec.EfiCapsuleHeader;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.RuntimeService;
import io.efirts.dispatch.event.Counter;
import io.efirts.dispatch.event.DispatcherEvent;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.VirtualClock;
import io.efirts.testkit.fault.LateReturn;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long a call may be inside, for each service: to the nanosecond, on a clock of the test's. */
@Timeout(60)
class WedgeLimitTest {
  private static final Duration DEFAULT = Duration.ofSeconds(120);
  private static final Duration TICK = Duration.ofNanos(1);

  private final ScriptedFirmware firmware = new ScriptedFirmware();
  private final VirtualClock clock = new VirtualClock();
  private final LateReturn late = new LateReturn();
  private final RecordedEvents events = new RecordedEvents();

  private Dispatcher start(DispatcherBuilder builder) {
    return builder.firmware(firmware).calls(4).clock(clock).listener(events).invoker().start();
  }

  /** Lets a started call hang on a thread that pumps, and looks at it once. */
  private CallerThread<Boolean> hang(Dispatcher dispatcher) throws InterruptedException {
    CallerThread<Boolean> pumper = CallerThread.start(dispatcher::pump);
    late.awaitEntered();
    dispatcher.pump();
    return pumper;
  }

  private void assertGivenUpAfter(
      Dispatcher dispatcher, PendingCall call, Duration limit, RuntimeService service)
      throws InterruptedException {
    CallerThread<Boolean> pumper = hang(dispatcher);
    clock.advance(limit.minus(TICK));
    dispatcher.pump();
    assertEquals(DispatcherMode.OPEN, dispatcher.mode());
    assertTrue(call.isPending());
    clock.advance(TICK);
    dispatcher.pump();
    assertEquals(DispatcherMode.DISABLED, dispatcher.mode());
    assertEquals(CallResult.refused(Outcome.DISABLED, true, true), call.poll());
    assertEquals(
        List.of(new DispatcherEvent.Wedged(service, "WORKER")),
        events.all(DispatcherEvent.Wedged.class));
    assertEquals(1, dispatcher.count(Counter.WEDGES));
    late.release();
    assertTrue(pumper.result());
  }

  private static PendingCall started(Dispatcher dispatcher, RuntimeService service) {
    PendingCall call = dispatcher.asyncAbi().newPendingCall();
    boolean started =
        service == null
            ? dispatcher.asyncAbi().callVendor(call, 1, 0, 0, 0, 0, 0, 0, 0)
            : dispatcher.asyncAbi().call(call, service, 0, 0, 0, 0, 0);
    assertTrue(started);
    return call;
  }

  @Test
  void aServiceHasTwoMinutes() throws InterruptedException {
    firmware.on(RuntimeService.SET_TIME, late);
    try (Dispatcher dispatcher = start(Dispatcher.builder());
        late) {
      PendingCall call = started(dispatcher, RuntimeService.SET_TIME);
      assertGivenUpAfter(dispatcher, call, DEFAULT, RuntimeService.SET_TIME);
    }
  }

  @Test
  void aVendorsEntryHasTwoMinutes() throws InterruptedException {
    firmware.onVendor(1, late);
    try (Dispatcher dispatcher = start(Dispatcher.builder());
        late) {
      assertGivenUpAfter(dispatcher, started(dispatcher, null), DEFAULT, null);
    }
  }

  @Test
  void eachServiceCanHaveALimitOfItsOwn() throws InterruptedException {
    firmware.on(RuntimeService.SET_TIME, late);
    DispatcherBuilder builder =
        Dispatcher.builder()
            .wedgeLimit(RuntimeService.SET_TIME, Duration.ofHours(1))
            .wedgeLimit(RuntimeService.GET_TIME, Duration.ofSeconds(1))
            .wedgeLimit(null, Duration.ofSeconds(2));
    try (Dispatcher dispatcher = start(builder);
        late) {
      PendingCall call = started(dispatcher, RuntimeService.SET_TIME);
      assertGivenUpAfter(dispatcher, call, Duration.ofHours(1), RuntimeService.SET_TIME);
    }
  }

  @Test
  void aVendorsEntriesCanHaveALimitOfTheirOwn() throws InterruptedException {
    firmware.onVendor(1, late);
    DispatcherBuilder builder = Dispatcher.builder().wedgeLimit(null, Duration.ofSeconds(2));
    try (Dispatcher dispatcher = start(builder);
        late) {
      assertGivenUpAfter(dispatcher, started(dispatcher, null), Duration.ofSeconds(2), null);
    }
  }

  @Test
  void aServiceWithoutALimitMayTakeForEver() throws InterruptedException {
    firmware.on(RuntimeService.SET_TIME, late);
    try (Dispatcher dispatcher =
            start(Dispatcher.builder().wedgeLimit(RuntimeService.SET_TIME, null));
        late) {
      PendingCall call = started(dispatcher, RuntimeService.SET_TIME);
      assertMayTakeForEver(dispatcher, call);
    }
  }

  /** Flash is written by it, which no limit could be told for. */
  @Test
  void updateCapsuleHasNoLimit() throws InterruptedException {
    firmware.on(RuntimeService.UPDATE_CAPSULE, late);
    try (Dispatcher dispatcher = start(Dispatcher.builder());
        late) {
      PendingCall call = dispatcher.async().newPendingCall();
      EfiCapsuleHeader header = new EfiCapsuleHeader(new EfiGuid(1, 2), 28, 0, 28);
      assertTrue(dispatcher.async().updateCapsule(call, List.of(header), 0));
      assertMayTakeForEver(dispatcher, call);
    }
  }

  private void assertMayTakeForEver(Dispatcher dispatcher, PendingCall call)
      throws InterruptedException {
    CallerThread<Boolean> pumper = hang(dispatcher);
    clock.advance(Duration.ofDays(100_000));
    dispatcher.pump();
    assertEquals(DispatcherMode.OPEN, dispatcher.mode());
    assertTrue(call.isPending());
    late.release();
    assertTrue(pumper.result());
    assertTrue(call.poll().isSuccess());
    assertEquals(0, dispatcher.count(Counter.WEDGES));
  }

  @Test
  void aLimitIsPositive() {
    for (Duration limit : List.of(Duration.ZERO, Duration.ofNanos(-1))) {
      assertEquals(
          "limit must be positive: limit=" + limit,
          assertThrows(
                  IllegalArgumentException.class,
                  () -> Dispatcher.builder().wedgeLimit(RuntimeService.GET_TIME, limit))
              .getMessage());
    }
  }
}

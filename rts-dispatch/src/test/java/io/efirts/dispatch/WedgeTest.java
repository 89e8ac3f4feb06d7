// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.PendingCall;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.Step;
import io.efirts.dispatch.event.Counter;
import io.efirts.dispatch.event.DispatcherEvent;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.VirtualClock;
import io.efirts.testkit.fault.LateReturn;
import io.efirts.testkit.step.MadeStep;
import io.efirts.testkit.step.Occurrence;
import io.efirts.testkit.step.StepHooks;
import io.efirts.testkit.step.StepLog;
import io.efirts.testkit.step.StepStop;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Firmware that does not come back: its limit releases every caller and disables the services for
 * good (I-10, I-27), a caller's deadline only that caller (I-12).
 */
@Timeout(60)
class WedgeTest {
  private static final Duration LIMIT = Duration.ofMillis(40);
  private static final CallResult INSIDE = CallResult.refused(Outcome.DISABLED, true, true);
  private static final CallResult NOT_MADE = CallResult.refused(Outcome.DISABLED, false, false);

  private final ScriptedFirmware firmware = new ScriptedFirmware();
  private final LateReturn late = new LateReturn();
  private final RecordedEvents events = new RecordedEvents();
  private final StepLog log = new StepLog();
  private final StepHooks hooks = new StepHooks(log);

  private DispatcherBuilder builder() {
    firmware.on(RuntimeService.SET_TIME, late).on(RuntimeService.SET_VARIABLE, late);
    return Dispatcher.builder()
        .firmware(firmware)
        .calls(4)
        .stepHook(hooks)
        .listener(events)
        .wedgeLimit(RuntimeService.SET_TIME, LIMIT)
        .wedgeLimit(RuntimeService.SET_VARIABLE, LIMIT);
  }

  private static CallerThread<CallResult> hang(Dispatcher dispatcher) {
    return CallerThread.start(() -> dispatcher.abi().call(RuntimeService.SET_TIME, 0, 0, 0, 0, 0));
  }

  private static CallResult getTime(Dispatcher dispatcher) {
    return dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null);
  }

  private void assertNothingReleasedAfterTheWedge() {
    List<Step> steps = log.made().stream().map(MadeStep::step).toList();
    int wedged = steps.indexOf(Step.GATE_WEDGED);
    assertTrue(wedged >= 0);
    assertFalse(steps.subList(wedged, steps.size()).contains(Step.GATE_RELEASED), steps::toString);
  }

  @Test
  void everybodyIsReleasedAndTheServicesStayDisabled() throws InterruptedException {
    try (Dispatcher dispatcher = builder().start();
        late) {
      CallerThread<CallResult> inside = hang(dispatcher);
      late.awaitEntered();
      CallerThread<CallResult> queued = CallerThread.start(() -> getTime(dispatcher));
      RecordedEnds ends = new RecordedEnds();
      PendingCall started = dispatcher.asyncAbi().newPendingCall(ends);
      if (!dispatcher.asyncAbi().callVendor(started, 1, 0, 0, 0, 0, 0, 0, 0)) {
        ends.completed(started.poll());
      }
      assertEquals(INSIDE, inside.result());
      assertEquals(DispatcherMode.DISABLED, dispatcher.mode());
      assertEquals(NOT_MADE, queued.result());
      assertEquals(NOT_MADE, ends.await().result());
      assertEquals(
          new DispatcherEvent.Wedged(RuntimeService.SET_TIME, "WORKER"),
          events.await(DispatcherEvent.Wedged.class));
      assertEquals(1, dispatcher.count(Counter.WEDGES));

      late.release();
      events.await(DispatcherEvent.LateReturn.class);
      assertEquals(DispatcherMode.DISABLED, dispatcher.mode());
      assertEquals(NOT_MADE, getTime(dispatcher));
      assertEquals(
          NOT_MADE, dispatcher.nonBlocking().setVariable("n", new EfiGuid(1, 2), 7, 0, null));
    }
    assertEquals(1, firmware.entries());
    assertNothingReleasedAfterTheWedge();
  }

  /** I-9: whoever learns of it finds the services disabled already. */
  @Test
  void theServicesAreDisabledBeforeTheCallerIsReleased() throws InterruptedException {
    Set<Thread> others = Watches.running();
    try (StepStop stop = hooks.add(new StepStop(Occurrence.first(Step.GATE_WEDGED)));
        Dispatcher dispatcher = builder().start();
        late) {
      // On a busy machine its first round may come as late as the call, and then it looks as well.
      Watches.awaitAsleep(others);
      CallerThread<CallResult> inside = hang(dispatcher);
      Thread stopped = stop.awaitStopped();
      assertEquals(DispatcherMode.DISABLED, dispatcher.mode());
      assertEquals(0, log.count(Step.CALL_ABANDONED), "nobody was released yet");
      stop.release();
      assertEquals(INSIDE, inside.result());
      assertEquals(inside.thread(), stopped, "a waiter sees to it");
    }
  }

  /** I-8: until firmware has let go of it, nobody else gets the work item. */
  @Test
  void theWorkItemStaysWithTheFirmwareUntilItComesBack() throws InterruptedException {
    try (Dispatcher dispatcher = builder().start();
        late) {
      assertEquals(INSIDE, hang(dispatcher).result());
      assertEquals(0, log.count(Step.CALL_RENEWED));
      assertEquals(0, dispatcher.count(Counter.LATE_RETURNS));
      late.release();
      log.awaitCount(Step.CALL_RENEWED, 1);
      assertEquals(1, dispatcher.count(Counter.LATE_RETURNS));
    }
  }

  @Test
  void aWaitingQueuedCallNoticesThatADirectCallHangs() throws InterruptedException {
    try (Dispatcher dispatcher = builder().start();
        late) {
      CallerThread<CallResult> direct =
          CallerThread.start(
              () -> dispatcher.nonBlocking().setVariable("n", new EfiGuid(1, 2), 7, 0, null));
      late.awaitEntered();
      assertEquals(NOT_MADE, getTime(dispatcher));
      assertEquals(
          new DispatcherEvent.Wedged(RuntimeService.SET_VARIABLE, "BYPASS"),
          events.await(DispatcherEvent.Wedged.class));
      late.release();
      assertEquals(CallResult.completed(0), direct.result(), "its own result is still its own");
      assertEquals(DispatcherMode.DISABLED, dispatcher.mode());
      assertEquals(NOT_MADE, getTime(dispatcher));
    }
    assertEquals(1, firmware.entries());
    assertNothingReleasedAfterTheWedge();
  }

  @Test
  void aStartedCallThatHangsIsGivenUpByTheWatch() throws InterruptedException {
    try (Dispatcher dispatcher = builder().start();
        late) {
      RecordedEnds ends = new RecordedEnds();
      PendingCall started = dispatcher.asyncAbi().newPendingCall(ends);
      assertTrue(dispatcher.asyncAbi().call(started, RuntimeService.SET_TIME, 0, 0, 0, 0, 0));
      assertEquals(INSIDE, ends.await().result());
      assertEquals(DispatcherMode.DISABLED, dispatcher.mode());
      assertEquals(1, dispatcher.count(Counter.WEDGES));
    }
    assertNothingReleasedAfterTheWedge();
  }

  /** I-12: the caller's time is over long before firmware's; somebody has to go on watching. */
  @Test
  void aShorterDeadlineLetsItsCallerGoAndTheWatchGoesOn() throws InterruptedException {
    VirtualClock clock = new VirtualClock();
    Duration deadline = LIMIT.dividedBy(4);
    try (Dispatcher dispatcher = builder().clock(clock).start();
        late) {
      CallerThread<CallResult> leaving =
          CallerThread.start(
              () -> dispatcher.abi(deadline).call(RuntimeService.SET_TIME, 0, 0, 0, 0, 0));
      late.awaitEntered();
      clock.advance(deadline);
      assertEquals(CallResult.refused(Outcome.TIMED_OUT, true, true), leaving.result());
      assertEquals(DispatcherMode.OPEN, dispatcher.mode());
      assertEquals(0, dispatcher.count(Counter.WEDGES));
      Eventually.isTrue(
          "the watch must give the call up",
          () -> {
            clock.advance(LIMIT);
            return dispatcher.mode() == DispatcherMode.DISABLED;
          });
      events.await(DispatcherEvent.Wedged.class);
      assertEquals(1, dispatcher.count(Counter.WEDGES));
    }
    assertNothingReleasedAfterTheWedge();
  }
}

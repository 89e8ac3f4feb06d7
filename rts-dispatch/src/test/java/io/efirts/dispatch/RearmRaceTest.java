// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.PendingCall;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.RuntimeService;
import io.efirts.dispatch.event.Counter;
import io.efirts.dispatch.event.DispatcherEvent;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.dispatch.policy.FirmwareProbe;
import io.efirts.dispatch.policy.RearmPolicy;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.StopPoint;
import io.efirts.testkit.VirtualClock;
import io.efirts.testkit.fault.FirmwareThrows;
import io.efirts.testkit.fault.NthCall;
import io.efirts.testkit.step.StepHooks;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens at the moment of a replacement: a close, a panic, a fault. */
@Timeout(60)
class RearmRaceTest {
  private static final CallResult FAULTED = CallResult.refused(Outcome.FAULTED, true, false);
  private static final CallResult NOT_MADE = CallResult.refused(Outcome.DISABLED, false, false);

  private final ScriptedFirmware firmware =
      new ScriptedFirmware()
          .on(
              RuntimeService.SET_TIME,
              new NthCall(1, FirmwareThrows.error(new AssertionError("injected")), frame -> 0));
  private final RecordedEvents events = new RecordedEvents();
  private final StepHooks hooks = new StepHooks();
  private final List<Thread> workers = new CopyOnWriteArrayList<>();

  private DispatcherBuilder builder(FirmwareProbe probe) {
    return Dispatcher.builder()
        .firmware(firmware)
        .calls(4)
        .listener(events)
        .stepHook(hooks)
        .rearm(new RearmPolicy(1, Duration.ZERO, probe, Duration.ofSeconds(10)))
        .threads(
            work -> {
              workers.add(Thread.ofPlatform().daemon(true).name("worker").unstarted(work));
              return workers.getLast();
            });
  }

  private static CallResult fault(Dispatcher dispatcher) {
    return dispatcher.abi().call(RuntimeService.SET_TIME, 0, 0, 0, 0, 0);
  }

  private void assertThatNothingIsLeft() throws InterruptedException {
    for (Thread worker : workers) {
      assertTrue(worker.join(Duration.ofSeconds(20)), "each instance's worker ends");
    }
    assertEquals(2, workers.size());
  }

  @Test
  void aCloseDuringTheProbeWins() throws InterruptedException {
    try (StopPoint probing = new StopPoint()) {
      Dispatcher dispatcher =
          builder(
                  services -> {
                    probing.pass();
                    return true;
                  })
              .start();
      assertEquals(FAULTED, fault(dispatcher));
      probing.awaitStopped();
      dispatcher.close(Duration.ZERO);
      assertEquals(DispatcherMode.CLOSED, dispatcher.mode());
      probing.release();
      events.await(DispatcherEvent.RearmFailed.class);
      assertEquals(DispatcherMode.CLOSED, dispatcher.mode());
      assertEquals(0, dispatcher.count(Counter.REARMS));
      assertThatNothingIsLeft();
    }
  }

  @Test
  void anEmergencyDuringTheProbeWins() throws InterruptedException {
    try (StopPoint probing = new StopPoint();
        Dispatcher dispatcher =
            builder(
                    services -> {
                      probing.pass();
                      return true;
                    })
                .start()) {
      assertEquals(FAULTED, fault(dispatcher));
      probing.awaitStopped();
      assertNotNull(dispatcher.beginEmergency(Duration.ZERO));
      probing.release();
      events.await(DispatcherEvent.RearmFailed.class);
      assertEquals(DispatcherMode.EMERGENCY, dispatcher.mode());
      assertEquals(0, dispatcher.count(Counter.REARMS));
    }
    assertThatNothingIsLeft();
  }

  /** Nothing happens afterwards that would wake the watch once more. */
  @Test
  void aFailureIsToldAtOnceThoughNothingFollows() {
    StopPoint probing = new StopPoint();
    try (probing;
        Dispatcher dispatcher =
            builder(
                    services -> {
                      probing.pass();
                      return false;
                    })
                .start()) {
      assertEquals(FAULTED, fault(dispatcher));
      // Whoever waited for the fault is through with it before the probe ends.
      Eventually.isTrue("the probe must be made", probing::reached);
      probing.release();
      events.await(DispatcherEvent.RearmFailed.class);
      assertEquals(DispatcherMode.DISABLED, dispatcher.mode());
    }
  }

  /** The probe's own call hangs: it has a deadline, and the instance is not used. */
  @Test
  void anInstanceThatHangsInItsProbeIsNotUsed() throws InterruptedException {
    VirtualClock clock = new VirtualClock();
    Duration deadline = Duration.ofSeconds(1);
    try (StopPoint inside = new StopPoint();
        Dispatcher dispatcher =
            builder(FirmwareProbe.READ_ONLY)
                .clock(clock)
                .wedgeLimit(RuntimeService.GET_TIME, null)
                .rearm(new RearmPolicy(1, Duration.ZERO, FirmwareProbe.READ_ONLY, deadline))
                .start()) {
      firmware.on(
          RuntimeService.GET_TIME,
          frame -> {
            inside.pass();
            return 0;
          });
      assertEquals(FAULTED, fault(dispatcher));
      inside.awaitStopped();
      // Once for the call that hangs and once for the one behind it.
      Eventually.isTrue(
          "the probe must end",
          () -> {
            clock.advance(deadline);
            return dispatcher.count(Counter.REARM_FAILURES) == 1;
          });
      assertEquals(
          new DispatcherEvent.RearmFailed(1, null),
          events.await(DispatcherEvent.RearmFailed.class));
      assertEquals(DispatcherMode.DISABLED, dispatcher.mode());
      inside.release();
      assertTrue(workers.get(1).join(Duration.ofSeconds(20)), "its worker ends when it is back");
    }
    assertThatNothingIsLeft();
  }

  /** The fault happens while the watch tells something else, and is not skipped. */
  @Test
  void aFaultIsToldHoweverSoonItsInstanceIsReplaced() {
    Dispatcher[] self = new Dispatcher[1];
    DispatcherBuilder builder =
        builder(services -> true)
            .listener(
                event -> {
                  if (event instanceof DispatcherEvent.HandlerFailed) {
                    self[0].nonBlocking().setVariable("n", new EfiGuid(1, 2), 7, 0, null);
                  }
                });
    firmware.on(RuntimeService.SET_VARIABLE, FirmwareThrows.error(new AssertionError("told late")));
    try (Dispatcher dispatcher = builder.start()) {
      self[0] = dispatcher;
      PendingCall call =
          dispatcher
              .asyncAbi()
              .newPendingCall(
                  result -> {
                    throw new IllegalStateException("injected");
                  });
      assertTrue(dispatcher.asyncAbi().callVendor(call, 1, 0, 0, 0, 0, 0, 0, 0));
      events.await(DispatcherEvent.Rearmed.class);
      assertEquals(
          "told late", events.await(DispatcherEvent.Faulted.class).report().thrown().getMessage());
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.PendingCall;
import io.efirts.api.spec.EfiCapsuleHeader;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.Step;
import io.efirts.dispatch.event.DispatcherEvent;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.dispatch.policy.FirmwareProbe;
import io.efirts.dispatch.policy.RearmPolicy;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.fault.FirmwareThrows;
import io.efirts.testkit.fault.NthCall;
import io.efirts.testkit.step.Occurrence;
import io.efirts.testkit.step.StepHooks;
import io.efirts.testkit.step.StepStop;
import io.efirts.testkit.step.StepThrow;
import java.time.Duration;
import java.util.AbstractList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls that are under way while their firmware instance is replaced end once (I-27). */
@Timeout(60)
class ReplacedCallTest {
  private static final CallResult FAULTED = CallResult.refused(Outcome.FAULTED, true, false);
  private static final CallResult NOT_MADE = CallResult.refused(Outcome.DISABLED, false, false);

  private final ScriptedFirmware firmware =
      new ScriptedFirmware()
          .on(
              RuntimeService.SET_TIME,
              new NthCall(1, FirmwareThrows.error(new AssertionError("injected")), frame -> 0));
  private final RecordedEvents events = new RecordedEvents();
  private final RecordedEnds ends = new RecordedEnds();
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

  private static void awaitOpen(Dispatcher dispatcher) {
    Eventually.isTrue("a new instance must serve", () -> dispatcher.mode() == DispatcherMode.OPEN);
  }

  /** I-27: published into the ring of an instance that is not looked after any more. */
  @Test
  void aCallThatIsQueuedAtTheOldInstanceTooLateIsRefused() {
    try (Dispatcher dispatcher = builder(services -> true).start()) {
      List<EfiCapsuleHeader> replacing =
          new AbstractList<>() {
            @Override
            public int size() {
              assertEquals(FAULTED, fault(dispatcher));
              // Told behind the last look at the old instance, which may come after the new serves.
              events.await(DispatcherEvent.Rearmed.class);
              return 1;
            }

            @Override
            public EfiCapsuleHeader get(int index) {
              return new EfiCapsuleHeader(new EfiGuid(1, 2), 28, 0, 28);
            }
          };
      PendingCall call = dispatcher.async().newPendingCall(ends);
      assertFalse(dispatcher.async().updateCapsule(call, replacing, 0));
      assertEquals(NOT_MADE, call.poll());
    }
    assertEquals(0, ends.count());
  }

  @Test
  void aCallThatIsReplacedUnderWhileItIsPublishedEndsOnce() throws InterruptedException {
    try (StepStop stop =
            hooks.add(
                new StepStop(
                    Occurrence.first(Step.CALL_QUEUED)
                        .by(thread -> thread.getName().equals("caller"))));
        Dispatcher dispatcher = builder(services -> true).start()) {
      PendingCall call = dispatcher.asyncAbi().newPendingCall(ends);
      CallerThread<Boolean> starting =
          CallerThread.start(() -> dispatcher.asyncAbi().callVendor(call, 1, 0, 0, 0, 0, 0, 0, 0));
      stop.awaitStopped();
      assertEquals(FAULTED, fault(dispatcher));
      awaitOpen(dispatcher);
      assertEquals(NOT_MADE, ends.await().result());
      stop.release();
      assertTrue(starting.result());
      assertEquals(1, ends.count());
    }
    assertEquals(1, firmware.entries());
  }

  /** I-27: nobody waits for it, and its instance does not serve any more. */
  @Test
  void aCallWhoseWorkerDiesAfterTheReplacementEnds() throws InterruptedException {
    Dispatcher dispatcher = builder(services -> true).start();
    Occurrence<Step> dying = Occurrence.first(Step.CALL_RESULT_WRITTEN).by(workers.getFirst());
    Error death = new StackOverflowError("injected");
    try (dispatcher;
        StepStop stop =
            hooks.add(new StepStop(Occurrence.first(Step.GATE_RELEASED).by(workers.getFirst())))) {
      workers.getFirst().setUncaughtExceptionHandler((thread, thrown) -> {});
      hooks.add(new StepThrow(dying, death));
      hooks.add(new StepThrow(dying, death));
      PendingCall call = dispatcher.asyncAbi().newPendingCall(ends);
      assertTrue(dispatcher.asyncAbi().call(call, RuntimeService.SET_TIME, 0, 0, 0, 0, 0));
      stop.awaitStopped();
      awaitOpen(dispatcher);
      stop.release();
      assertEquals(CallResult.refused(Outcome.FAULTED, true, true), ends.await().result());
      assertEquals(DispatcherMode.OPEN, dispatcher.mode());
    }
    assertEquals(1, ends.count());
  }
}

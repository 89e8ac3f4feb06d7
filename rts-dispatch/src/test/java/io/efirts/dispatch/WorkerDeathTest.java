// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.PendingCall;
import io.efirts.api.spi.Step;
import io.efirts.dispatch.event.DispatcherEvent;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.step.StepHooks;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The worker's thread ends, because what contains an error fails as well: from one of its steps on
 * every further step throws. Every call ends all the same (I-27), whoever waits for it or nobody;
 * nobody has the gate who never gives it back (I-10), and the services are disabled.
 */
@Timeout(180)
class WorkerDeathTest {
  private static final Set<Outcome> ENDS =
      EnumSet.of(Outcome.COMPLETED, Outcome.FAULTED, Outcome.TIMED_OUT, Outcome.DISABLED);
  private static final Duration WAIT = Duration.ofSeconds(20);

  private Thread worker;

  private DispatcherBuilder builder(ScriptedFirmware firmware) {
    return Dispatcher.builder()
        .firmware(firmware)
        .calls(5)
        .bufferBytes(1024)
        .threads(
            work -> {
              worker = Thread.ofPlatform().daemon(true).name("worker").unstarted(work);
              // It dies on purpose.
              worker.setUncaughtExceptionHandler((thread, thrown) -> {});
              return worker;
            });
  }

  @ParameterizedTest
  @MethodSource("io.efirts.dispatch.WorkerErrors#all")
  void everyCallEnds(Step step, int number, Error error) throws InterruptedException {
    ScriptedFirmware firmware = new ScriptedFirmware();
    AtomicInteger left = new AtomicInteger(number);
    StepHooks hooks =
        new StepHooks(
            made -> {
              if (Thread.currentThread() == worker
                  && (left.get() <= 0 || made == step && left.decrementAndGet() <= 0)) {
                throw error;
              }
            });
    Dispatcher dispatcher = builder(firmware).stepHook(hooks).start();
    for (CallResult result : WorkerErrors.calls(step, dispatcher, firmware, hooks)) {
      assertTrue(ENDS.contains(result.outcome()), result::toString);
    }
    // An error behind a call's end is contained, and met again at the next call's first step.
    CallResult next = WorkerErrors.vendor(dispatcher);
    assertTrue(ENDS.contains(next.outcome()), next::toString);
    assertTrue(worker.join(WAIT));
    assertEquals(Outcome.DISABLED, WorkerErrors.vendor(dispatcher).outcome());
    assertEquals(DispatcherMode.DISABLED, dispatcher.mode());
    CallerThread<Boolean> closing =
        CallerThread.start(
            () -> {
              // A close waits while the gate is taken, or a call is left.
              dispatcher.close(Duration.ofDays(1));
              return true;
            });
    assertTrue(closing.result());
    assertTrue(firmware.greatestInside() <= 1);
  }

  @Test
  void aWorkerThatDiedUnseenIsNoticedWhenACallIsStarted() throws InterruptedException {
    ScriptedFirmware firmware = new ScriptedFirmware();
    RecordedEvents events = new RecordedEvents();
    RecordedEnds ends = new RecordedEnds();
    try (Dispatcher dispatcher =
        builder(firmware).threads(work -> new Thread(() -> {})).listener(events).start()) {
      PendingCall handled = dispatcher.asyncAbi().newPendingCall(ends);
      CallResult notMade = CallResult.refused(Outcome.DISABLED, false, false);
      if (dispatcher.asyncAbi().callVendor(handled, 1, 0, 0, 0, 0, 0, 0, 0)) {
        assertEquals(notMade, ends.await().result());
      }
      assertEquals(notMade, handled.poll());
      assertEquals(
          new DispatcherEvent.ModeChanged(DispatcherMode.OPEN, DispatcherMode.DISABLED),
          events.await(DispatcherEvent.ModeChanged.class));
      PendingCall polled = dispatcher.asyncAbi().newPendingCall();
      assertFalse(dispatcher.asyncAbi().callVendor(polled, 1, 0, 0, 0, 0, 0, 0, 0));
      assertEquals(notMade, polled.poll());
    }
    assertEquals(0, firmware.entries());
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.PendingCall;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spi.Step;
import io.efirts.api.spi.StepHook;
import io.efirts.dispatch.gate.GatePhase;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.VirtualClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * I-10, I-27: a close waits neither for a worker that died with the gate in its hands nor for the
 * calls behind it, whether somebody has noticed before or not.
 */
@Timeout(60)
class DeadWorkerCloseTest {
  private static final Duration WAIT = Duration.ofSeconds(50);

  private final AtomicBoolean dying = new AtomicBoolean();
  private final ScriptedFirmware firmware = new ScriptedFirmware();
  private Thread worker;

  /** From the entry on every step of the worker's throws. */
  private StepHook killer() {
    return step -> {
      if (Thread.currentThread() == worker && (step == Step.GATE_ENTERED || dying.get())) {
        dying.set(true);
        throw new StackOverflowError("injected");
      }
    };
  }

  @Test
  void aCloseEndsEarly() throws InterruptedException {
    Dispatcher dispatcher =
        Dispatcher.builder()
            .firmware(firmware)
            .calls(2)
            .clock(new VirtualClock())
            .closeWait(WAIT)
            .stepHook(killer())
            .threads(
                work -> {
                  worker = Thread.ofPlatform().daemon(true).unstarted(work);
                  // It dies on purpose.
                  worker.setUncaughtExceptionHandler((thread, thrown) -> {});
                  return worker;
                })
            .start();
    PendingCall call = dispatcher.async().newPendingCall();
    // Refused, if the worker has died and the watch has seen it before the start looks once more.
    dispatcher.async().getTime(call, new EfiTimeHolder(), null);
    assertTrue(worker.join(Duration.ofSeconds(20)));
    CallerThread<Boolean> closing =
        CallerThread.start(
            () -> {
              dispatcher.close();
              return true;
            });
    // The clock stands still: a close that waited would not end.
    assertTrue(closing.result());
    assertEquals(DispatcherMode.CLOSED, dispatcher.mode());
    CallResult result = call.poll();
    assertNotNull(result, "every call ends");
    assertTrue(
        result.outcome() == Outcome.CLOSED
            || result.outcome() == Outcome.DISABLED
            || result.outcome() == Outcome.FAULTED,
        result::toString);
    assertEquals(0, firmware.entries());
    assertTrue(dispatcher.current().gate().phase() != GatePhase.ENTERED);
  }
}

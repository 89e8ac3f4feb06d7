// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.InterruptControl;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.FirmwareHold;
import io.efirts.testkit.ScriptedFirmware;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The worker survives what is thrown at it, and callers survive the worker. */
@Timeout(60)
class WorkerTest {
  private static final EfiGuid GUID = new EfiGuid(1, 2);

  private final ScriptedFirmware firmware = new ScriptedFirmware();

  private static CallResult getTime(Dispatcher dispatcher) {
    return dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null);
  }

  /** I-27: more calls than the pool has calls or the ring has slots. */
  @Test
  void callsOfADeadWorkerEnd() {
    try (Dispatcher dispatcher =
        Dispatcher.builder()
            .firmware(firmware)
            .calls(1)
            .threads(work -> new Thread(() -> {}))
            .start()) {
      for (int i = 0; i < 10; i++) {
        assertEquals(CallResult.refused(Outcome.DISABLED, false, false), getTime(dispatcher));
      }
      assertEquals(DispatcherMode.DISABLED, dispatcher.mode());
    }
    assertEquals(0, firmware.entries());
  }

  @Test
  void anErrorBesideTheFirmwareEndsOneCallAndTheWorkerGoesOn() {
    AtomicBoolean fail = new AtomicBoolean(true);
    InterruptControl failing =
        new InterruptControl() {
          @Override
          public long disable() {
            if (fail.getAndSet(false)) {
              throw new IllegalStateException("interrupt control");
            }
            return 0;
          }

          @Override
          public void restore(long previous) {}
        };
    try (Dispatcher dispatcher =
        Dispatcher.builder().firmware(firmware).interrupts(failing).start()) {
      assertEquals(CallResult.refused(Outcome.FAULTED, false, false), getTime(dispatcher));
      assertEquals(DispatcherMode.OPEN, dispatcher.mode());
      assertTrue(getTime(dispatcher).isSuccess());
    }
  }

  @Test
  void anInterruptOfTheWorkerMeansNothing() {
    Thread[] worker = new Thread[1];
    try (Dispatcher dispatcher =
        Dispatcher.builder()
            .firmware(firmware)
            .threads(work -> worker[0] = Thread.ofPlatform().daemon(true).unstarted(work))
            .start()) {
      for (int i = 0; i < 100; i++) {
        worker[0].interrupt();
        assertTrue(getTime(dispatcher).isSuccess());
      }
    }
  }

  /** What a worker that gave up waiting leaves behind would keep the crash path out for good. */
  @Test
  void aQueuedCallThatGivesUpWaitingForTheGateKeepsNobodyOut() throws InterruptedException {
    FirmwareHold hold = new FirmwareHold();
    firmware.on(RuntimeService.SET_VARIABLE, hold);
    try (Dispatcher dispatcher = Dispatcher.builder().firmware(firmware).start();
        hold) {
      CallerThread<CallResult> direct =
          CallerThread.start(() -> dispatcher.nonBlocking().setVariable("n", GUID, 7, 0, null));
      hold.awaitEntered();
      assertEquals(
          CallResult.refused(Outcome.TIMED_OUT, false, false),
          dispatcher.runtimeServices(Duration.ofMillis(20)).getTime(new EfiTimeHolder(), null));
      hold.release();
      assertTrue(direct.result().isSuccess());
      CallResult result = dispatcher.nonBlocking().setVariable("n", GUID, 7, 0, null);
      // The worker takes its announcement back in its own time.
      long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (result.outcome() == Outcome.BUSY && System.nanoTime() - patience < 0) {
        Thread.onSpinWait();
        result = dispatcher.nonBlocking().setVariable("n", GUID, 7, 0, null);
      }
      assertTrue(result.isSuccess());
    }
    assertEquals(2, firmware.entries());
  }

  @Test
  void aQueuedCallIsMadeAsSoonAsADirectCallHasLeft() throws InterruptedException {
    FirmwareHold hold = new FirmwareHold();
    firmware.on(RuntimeService.SET_VARIABLE, hold).record(2);
    try (Dispatcher dispatcher = Dispatcher.builder().firmware(firmware).start();
        hold) {
      CallerThread<CallResult> direct =
          CallerThread.start(() -> dispatcher.nonBlocking().setVariable("n", GUID, 7, 0, null));
      hold.awaitEntered();
      CallerThread<CallResult> queued = CallerThread.start(() -> getTime(dispatcher));
      queued.awaitParked();
      hold.release();
      assertTrue(queued.result().isSuccess());
      assertTrue(direct.result().isSuccess());
    }
    assertEquals(1, firmware.greatestInside());
  }

  @Test
  void theWorkerIsAPlatformThread() {
    DispatcherBuilder builder =
        Dispatcher.builder().firmware(firmware).threads(Thread.ofVirtual().factory());
    String message = assertThrows(IllegalArgumentException.class, builder::start).getMessage();
    assertTrue(message.startsWith("thread factory must make a platform thread: thread="), message);
    DispatcherBuilder without = Dispatcher.builder().firmware(firmware).threads(work -> null);
    assertEquals(
        "thread factory must make a platform thread: thread=null",
        assertThrows(IllegalArgumentException.class, without::start).getMessage());
  }
}

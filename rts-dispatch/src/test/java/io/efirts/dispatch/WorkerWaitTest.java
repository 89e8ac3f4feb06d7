// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.PendingCall;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.dispatch.policy.WorkerWait;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.ScriptedFirmware;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** However the worker waits, it makes calls, wakes up, ignores interrupts and ends. */
@Timeout(60)
class WorkerWaitTest {
  private static final int CALLS = 200;

  private final ScriptedFirmware firmware = new ScriptedFirmware();
  private Thread worker;

  private Dispatcher start(WorkerWait wait) {
    return Dispatcher.builder()
        .firmware(firmware)
        .workerWait(wait)
        .threads(
            work -> {
              worker = Thread.ofPlatform().daemon(true).unstarted(work);
              return worker;
            })
        .start();
  }

  private static boolean getTime(Dispatcher dispatcher) {
    return dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null).isSuccess();
  }

  @ParameterizedTest
  @EnumSource(WorkerWait.class)
  void callsAreMadeInEveryStyle(WorkerWait wait) throws InterruptedException {
    RecordedEnds ends = new RecordedEnds();
    try (Dispatcher dispatcher = start(wait)) {
      PendingCall call = dispatcher.asyncAbi().newPendingCall(ends);
      for (int i = 0; i < CALLS; i++) {
        assertTrue(getTime(dispatcher));
        assertTrue(dispatcher.asyncAbi().callVendor(call, 1, 0, 0, 0, 0, 0, 0, 0));
        assertTrue(ends.await().result().isSuccess());
      }
    }
    assertEquals(2 * CALLS, firmware.entries());
    assertFalse(worker.isAlive(), "a close ends it");
  }

  @ParameterizedTest
  @EnumSource(WorkerWait.class)
  void anInterruptMeansNothingToTheWorker(WorkerWait wait) {
    try (Dispatcher dispatcher = start(wait)) {
      for (int i = 0; i < CALLS; i++) {
        worker.interrupt();
        assertTrue(getTime(dispatcher));
      }
    }
  }

  /** A flag left set would keep it from parking ever again. */
  @ParameterizedTest
  @EnumSource(
      value = WorkerWait.class,
      names = {"ADAPTIVE", "PARK"})
  void anIdleWorkerParksAgainAfterAnInterrupt(WorkerWait wait) {
    try (Dispatcher dispatcher = start(wait)) {
      for (int i = 0; i < 50; i++) {
        CallerThread.awaitParked(worker);
        worker.interrupt();
        Eventually.isTrue("the flag must be cleared", () -> !worker.isInterrupted());
        CallerThread.awaitParked(worker);
        assertTrue(getTime(dispatcher));
      }
    }
  }
}

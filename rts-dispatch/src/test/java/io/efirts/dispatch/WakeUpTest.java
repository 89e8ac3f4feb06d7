// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.RuntimeService;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.FirmwareHold;
import io.efirts.testkit.ScriptedFirmware;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Who is parked is woken: nobody has to wait for the end of a 50 ms slice. A lost wake-up in every
 * round would take twice as long as is allowed here, a busy machine takes a small part of it.
 */
@Timeout(60)
class WakeUpTest {
  private static final int ROUNDS = 100;
  private static final Duration ALLOWED = Duration.ofMillis(ROUNDS * 50 / 2);

  private final ScriptedFirmware firmware = new ScriptedFirmware();
  private Thread worker;

  private Dispatcher start() {
    return Dispatcher.builder()
        .firmware(firmware)
        .threads(work -> worker = Thread.ofPlatform().daemon(true).unstarted(work))
        .start();
  }

  @Test
  void aParkedWorkerIsWokenByACall() {
    try (Dispatcher dispatcher = start()) {
      long spent = 0;
      for (int round = 0; round < ROUNDS; round++) {
        CallerThread.awaitParked(worker);
        long before = System.nanoTime();
        CallResult result = dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null);
        spent += System.nanoTime() - before;
        assertTrue(result.isSuccess());
      }
      assertWithin(spent);
    }
  }

  @Test
  void aParkedCallerIsWokenByTheEndOfItsCall() throws InterruptedException {
    try (Dispatcher dispatcher = start()) {
      long spent = 0;
      for (int round = 0; round < ROUNDS; round++) {
        FirmwareHold hold = new FirmwareHold();
        try (hold) {
          firmware.on(RuntimeService.GET_TIME, hold);
          CallerThread<CallResult> caller =
              CallerThread.start(
                  () -> dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null));
          hold.awaitEntered();
          caller.awaitParked();
          long before = System.nanoTime();
          hold.release();
          assertTrue(caller.result().isSuccess());
          spent += System.nanoTime() - before;
        }
      }
      assertWithin(spent);
    }
  }

  private static void assertWithin(long spentNanos) {
    Duration spent = Duration.ofNanos(spentNanos);
    assertTrue(spent.compareTo(ALLOWED) < 0, () -> "spent=" + spent);
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.NanoClock;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.FirmwareHold;
import io.efirts.testkit.ScriptedFirmware;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whoever waits for the end of a call is woken by it. Its waits have no end here, although the
 * dispatcher asks for short ones only: a wake-up that was lost is never made up for.
 */
@Timeout(60)
class WakeUpTest {
  private static final int ROUNDS = 100;

  private final ScriptedFirmware firmware = new ScriptedFirmware();

  /** Callers sleep until somebody wakes them; everybody else as usual. */
  private static final class EndlessForCallers implements NanoClock {
    @Override
    public long nanoTime() {
      return System.nanoTime();
    }

    @Override
    public void parkNanos(Object blocker, long nanos) {
      if (Thread.currentThread().getName().equals("caller")) {
        LockSupport.park(blocker);
      } else {
        LockSupport.parkNanos(blocker, nanos);
      }
    }
  }

  private static CallerThread<CallResult> getTime(Dispatcher dispatcher) {
    return CallerThread.start(
        () -> dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null));
  }

  @Test
  void aParkedCallerIsWokenByTheEndOfItsCall() throws InterruptedException {
    try (Dispatcher dispatcher =
        Dispatcher.builder().firmware(firmware).clock(new EndlessForCallers()).start()) {
      for (int round = 0; round < ROUNDS; round++) {
        FirmwareHold hold = new FirmwareHold();
        try (hold) {
          firmware.on(RuntimeService.GET_TIME, hold);
          CallerThread<CallResult> caller = getTime(dispatcher);
          hold.awaitEntered();
          caller.awaitParked();
          hold.release();
          assertTrue(caller.result().isSuccess());
        }
      }
    }
  }

  /** Whether the end comes before the look at it, between that and the sleep, or into the sleep. */
  @Test
  void aCallerThatIsAboutToParkIsWokenToo() throws InterruptedException {
    try (Dispatcher dispatcher =
        Dispatcher.builder().firmware(firmware).clock(new EndlessForCallers()).start()) {
      for (int round = 0; round < ROUNDS; round++) {
        assertTrue(getTime(dispatcher).result().isSuccess());
      }
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.NanoClock;
import io.efirts.dispatch.emergency.Emergency;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.FirmwareHold;
import io.efirts.testkit.ScriptedFirmware;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whoever panics or resets was often told to end before. A thread whose interrupt flag is set does
 * not park, so without care its waits would be over as soon as they begin.
 */
@Timeout(60)
class InterruptedWaitTest {
  private static final Duration WAIT = Duration.ofSeconds(1);

  private final Thread tester = Thread.currentThread();
  private final List<Boolean> flagsInWaits = new ArrayList<>();
  private final FirmwareHold hold = new FirmwareHold();
  private final Dispatcher dispatcher =
      Dispatcher.builder()
          .firmware(new ScriptedFirmware().on(RuntimeService.GET_TIME, hold))
          .calls(2)
          .clock(new FirstWaitEndsTheCall())
          .resetWait(WAIT)
          .closeWait(Duration.ZERO)
          .invoker()
          .start();
  private CallerThread<CallResult> inside;

  /** Stands still; a wait that can last is long enough for the call that is waited for. */
  private final class FirstWaitEndsTheCall implements NanoClock {
    @Override
    public long nanoTime() {
      return 0;
    }

    @Override
    public void parkNanos(Object blocker, long nanos) {
      if (Thread.currentThread() != tester) {
        LockSupport.parkNanos(blocker, nanos);
        return;
      }
      boolean flag = tester.isInterrupted();
      flagsInWaits.add(flag);
      if (!flag) {
        hold.release();
        try {
          inside.result();
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
    }
  }

  @BeforeEach
  void aCallIsInside() throws InterruptedException {
    inside =
        CallerThread.start(() -> dispatcher.abi().call(RuntimeService.GET_TIME, 0, 0, 0, 0, 0));
    hold.awaitEntered();
  }

  @AfterEach
  void close() {
    Thread.interrupted();
    hold.close();
    dispatcher.close();
  }

  @Test
  void anEmergencysGracePeriodIsNotCutShort() {
    tester.interrupt();
    Emergency emergency = dispatcher.beginEmergency(WAIT);
    assertTrue(Thread.interrupted(), "the flag is kept");
    assertEquals(List.of(false), flagsInWaits);
    assertFalse(emergency.firmwareWasInterrupted(), "the call came back in time");
    emergency.end();
  }

  @Test
  void aResetsWaitIsNotCutShort() {
    tester.interrupt();
    CallResult reset =
        dispatcher.runtimeServices().resetSystem(ResetType.COLD, EfiStatus.SUCCESS, null);
    assertTrue(Thread.interrupted(), "the flag is kept");
    assertEquals(List.of(false), flagsInWaits);
    assertTrue(reset.firmwareEntered(), reset::toString);
  }

  @Test
  void norThatOfAResetByWords() {
    tester.interrupt();
    CallResult reset = dispatcher.abi().call(RuntimeService.RESET_SYSTEM, 0, 0, 0, 0, 0);
    assertTrue(Thread.interrupted(), "the flag is kept");
    assertEquals(List.of(false), flagsInWaits);
    assertTrue(reset.firmwareEntered(), reset::toString);
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.spi.Step;
import io.efirts.testkit.CallerThread;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The thread that makes the chosen step goes no further. */
@Timeout(60)
class StepStopTest {
  @Test
  void theThirdStepStopsAndLaterOnesPass() throws InterruptedException {
    AtomicInteger made = new AtomicInteger();
    try (StepStop stop = new StepStop(Occurrence.nth(Step.GATE_HELD, 3))) {
      CallerThread<Integer> caller =
          CallerThread.start(
              () -> {
                for (int i = 0; i < 5; i++) {
                  stop.made(Step.GATE_HELD);
                  stop.made(Step.GATE_RELEASED);
                  made.incrementAndGet();
                }
                return made.get();
              });
      assertSame(caller.thread(), stop.awaitStopped());
      caller.awaitParked();
      assertEquals(2, made.get());
      stop.made(Step.GATE_HELD);
      stop.release();
      assertEquals(5, caller.result());
    }
  }

  @Test
  void onlyTheChosenThreadStops() throws InterruptedException {
    try (StepStop stop =
        new StepStop(Occurrence.first(Step.CALL_CLAIMED).by(t -> t.getName().equals("caller")))) {
      stop.made(Step.CALL_CLAIMED);
      assertFalse(stop.reached());
      CallerThread<Boolean> caller =
          CallerThread.start(
              () -> {
                stop.made(Step.CALL_CLAIMED);
                return true;
              });
      assertSame(caller.thread(), stop.awaitStopped());
      assertTrue(stop.reached());
      stop.release();
      assertTrue(caller.result());
    }
  }

  @Test
  void whatWasReleasedBeforehandDoesNotStop() {
    StepStop stop = new StepStop(Occurrence.first(Step.CALL_DONE));
    stop.close();
    stop.made(Step.CALL_DONE);
    assertTrue(stop.reached());
  }
}

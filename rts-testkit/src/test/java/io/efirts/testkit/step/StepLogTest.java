// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.spi.Step;
import io.efirts.testkit.CallerThread;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The log tells what was done, by whom and how often. */
@Timeout(60)
class StepLogTest {
  private final StepLog log = new StepLog();

  @Test
  void stepsAreKeptInOrderWithTheirThread() throws InterruptedException {
    log.made(Step.GATE_HELD);
    CallerThread<Boolean> other =
        CallerThread.start(
            () -> {
              log.made(Step.GATE_AWAITED);
              log.made(Step.GATE_HELD);
              return true;
            });
    log.awaitCount(Step.GATE_HELD, 2);
    assertTrue(other.result());
    log.made(Step.GATE_RELEASED);

    Thread self = Thread.currentThread();
    assertEquals(
        List.of(
            new MadeStep(Step.GATE_HELD, self),
            new MadeStep(Step.GATE_AWAITED, other.thread()),
            new MadeStep(Step.GATE_HELD, other.thread()),
            new MadeStep(Step.GATE_RELEASED, self)),
        log.made());
    assertEquals(List.of(Step.GATE_AWAITED, Step.GATE_HELD), log.madeBy(other.thread()));
    assertEquals(List.of(Step.GATE_HELD, Step.GATE_RELEASED), log.madeBy(self));
    assertEquals(2, log.count(Step.GATE_HELD));
    assertEquals(0, log.count(Step.GATE_WEDGED));
    assertEquals("GATE_AWAITED by caller", log.made().get(1).toString());
  }

  @Test
  void clearForgets() {
    log.made(Step.CALL_DONE);
    log.clear();
    assertEquals(List.of(), log.made());
    log.made(Step.CALL_QUEUED);
    assertEquals(1, log.made().size());
  }
}

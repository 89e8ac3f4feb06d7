// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.api.spi.Step;
import org.junit.jupiter.api.Test;

/** Several hooks are told in order, and from when they were added. */
class StepHooksTest {
  @Test
  void allAreToldInOrder() {
    StringBuilder told = new StringBuilder();
    StepHooks hooks = new StepHooks(step -> told.append('a'), step -> told.append('b'));
    hooks.add(step -> told.append('c'));
    hooks.made(Step.CALL_DONE);
    hooks.made(Step.CALL_DONE);
    assertEquals("abcabc", told.toString());
  }

  @Test
  void anAddedHookCountsFromThenOnUntilRemoved() {
    StepHooks hooks = new StepHooks();
    hooks.made(Step.CALL_DONE);
    StepLog log = hooks.add(new StepLog());
    hooks.made(Step.CALL_DONE);
    hooks.remove(log);
    hooks.made(Step.CALL_DONE);
    assertEquals(1, log.count(Step.CALL_DONE));
  }

  @Test
  void behindOneThatThrowsNobodyIsTold() {
    StepLog before = new StepLog();
    StepLog behind = new StepLog();
    StepHooks hooks =
        new StepHooks(
            before,
            new StepThrow(Occurrence.nth(Step.CALL_DONE, 2), new AssertionError("stop")),
            behind);
    hooks.made(Step.CALL_DONE);
    assertThrows(AssertionError.class, () -> hooks.made(Step.CALL_DONE));
    assertEquals(2, before.count(Step.CALL_DONE));
    assertEquals(1, behind.count(Step.CALL_DONE));
  }
}

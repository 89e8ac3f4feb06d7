// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.spi.Step;
import org.junit.jupiter.api.Test;

/** An occurrence is one step out of many. */
class OccurrenceTest {
  @Test
  void isTheNthOfItsStep() {
    OccurrenceCounter<Step> counter = new OccurrenceCounter<>(Occurrence.nth(Step.GATE_ENTERED, 2));
    assertFalse(counter.isNow(Step.GATE_ENTERED));
    assertFalse(counter.isNow(Step.GATE_EXITED));
    assertTrue(counter.isNow(Step.GATE_ENTERED));
    assertFalse(counter.isNow(Step.GATE_ENTERED));
  }

  @Test
  void stepsBehindItAreToldApart() {
    OccurrenceCounter<Step> counter = new OccurrenceCounter<>(Occurrence.nth(Step.GATE_ENTERED, 2));
    assertFalse(counter.isNowOrPast(Step.GATE_ENTERED));
    assertTrue(counter.isNowOrPast(Step.GATE_ENTERED));
    assertFalse(counter.isNowOrPast(Step.GATE_EXITED));
    assertTrue(counter.isNowOrPast(Step.GATE_ENTERED));
  }

  @Test
  void otherThreadsDoNotCount() {
    Thread other = new Thread();
    OccurrenceCounter<Step> others =
        new OccurrenceCounter<>(Occurrence.first(Step.CALL_DONE).by(other));
    assertFalse(others.isNow(Step.CALL_DONE));
    OccurrenceCounter<Step> ours =
        new OccurrenceCounter<>(Occurrence.first(Step.CALL_DONE).by(Thread.currentThread()));
    assertTrue(ours.isNow(Step.CALL_DONE));
    OccurrenceCounter<Step> notOther =
        new OccurrenceCounter<>(Occurrence.first(Step.CALL_DONE).by(thread -> thread != other));
    assertTrue(notOther.isNow(Step.CALL_DONE));
  }

  @Test
  void countsFromOne() {
    assertEquals(
        "number must be at least 1: number=0",
        assertThrows(IllegalArgumentException.class, () -> Occurrence.nth(Step.CALL_DONE, 0))
            .getMessage());
  }
}

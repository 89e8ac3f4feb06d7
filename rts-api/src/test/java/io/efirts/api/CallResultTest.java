// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.spec.EfiStatus;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A result is consistent for every outcome, or it cannot be made. */
class CallResultTest {
  private static final Map<Outcome, EfiStatus> STATUS =
      Map.ofEntries(
          Map.entry(Outcome.BUSY, EfiStatus.NOT_READY),
          Map.entry(Outcome.WOULD_BLOCK, EfiStatus.NOT_READY),
          Map.entry(Outcome.EMERGENCY, EfiStatus.NOT_READY),
          Map.entry(Outcome.INTERRUPTED, EfiStatus.ABORTED),
          Map.entry(Outcome.CANCELLED, EfiStatus.ABORTED),
          Map.entry(Outcome.CLOSED, EfiStatus.ABORTED),
          Map.entry(Outcome.FAULTED, EfiStatus.ABORTED),
          Map.entry(Outcome.TIMED_OUT, EfiStatus.TIMEOUT),
          Map.entry(Outcome.DISABLED, EfiStatus.DEVICE_ERROR),
          Map.entry(Outcome.UNSUPPORTED, EfiStatus.UNSUPPORTED),
          Map.entry(Outcome.STORAGE_RESERVE, EfiStatus.OUT_OF_RESOURCES),
          Map.entry(Outcome.CAPSULE_REFUSED, EfiStatus.INVALID_PARAMETER));

  private static final Set<Outcome> AFTER_ENTRY =
      EnumSet.of(
          Outcome.TIMED_OUT, Outcome.FAULTED, Outcome.DISABLED, Outcome.EMERGENCY, Outcome.CLOSED);

  @Test
  void everyOutcomeOfOursHasItsStatus() {
    for (Outcome outcome : Outcome.values()) {
      if (outcome == Outcome.COMPLETED) {
        assertNull(outcome.status(), "firmware's own");
      } else {
        assertEquals(STATUS.get(outcome), outcome.status());
        CallResult refused = CallResult.refused(outcome, false, false);
        assertEquals(new CallResult(outcome.status(), outcome, false, false), refused);
        assertFalse(refused.isSuccess());
      }
    }
  }

  @Test
  void onlySomeOutcomesCanFollowAnEntry() {
    for (Outcome outcome : Outcome.values()) {
      if (outcome == Outcome.COMPLETED) {
        continue;
      }
      for (boolean mayStillWrite : new boolean[] {false, true}) {
        if (AFTER_ENTRY.contains(outcome)) {
          assertEquals(
              new CallResult(outcome.status(), outcome, true, mayStillWrite),
              CallResult.refused(outcome, true, mayStillWrite));
        } else {
          assertInconsistent(outcome, true, mayStillWrite);
        }
      }
    }
  }

  @Test
  void firmwareThatWasNotEnteredDoesNotWrite() {
    for (Outcome outcome : Outcome.values()) {
      if (outcome != Outcome.COMPLETED) {
        assertInconsistent(outcome, false, true);
      }
    }
  }

  private static void assertInconsistent(Outcome outcome, boolean entered, boolean mayStillWrite) {
    String message =
        "entry must go with the outcome: outcome="
            + outcome
            + ", firmwareEntered="
            + entered
            + ", firmwareMayStillWrite="
            + mayStillWrite;
    assertEquals(
        message,
        assertThrows(
                IllegalArgumentException.class,
                () -> CallResult.refused(outcome, entered, mayStillWrite))
            .getMessage());
    assertEquals(
        message,
        assertThrows(
                IllegalArgumentException.class,
                () -> new CallResult(outcome.status(), outcome, entered, mayStillWrite))
            .getMessage());
  }

  @Test
  void aCompletedCallWasEnteredAndHasReturned() {
    boolean[][] wrong = {{false, false}, {false, true}, {true, true}};
    for (boolean[] entry : wrong) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new CallResult(EfiStatus.SUCCESS, Outcome.COMPLETED, entry[0], entry[1]));
      assertThrows(
          IllegalArgumentException.class,
          () -> CallResult.refused(Outcome.COMPLETED, entry[0], entry[1]));
    }
  }

  @Test
  void aStatusOfOursCannotBeReplaced() {
    assertEquals(
        "status must go with the outcome: status=EFI_SUCCESS, outcome=BUSY",
        assertThrows(
                IllegalArgumentException.class,
                () -> new CallResult(EfiStatus.SUCCESS, Outcome.BUSY, false, false))
            .getMessage());
  }

  @Test
  void firmwaresStatusSurvives() {
    for (long raw :
        new long[] {
          0,
          1,
          63,
          64,
          0x7777,
          Long.MAX_VALUE,
          Long.MIN_VALUE,
          Long.MIN_VALUE | 63,
          Long.MIN_VALUE | 64,
          -1
        }) {
      CallResult result = CallResult.completed(raw);
      assertEquals(raw, result.status().raw());
      assertEquals(Outcome.COMPLETED, result.outcome());
      assertTrue(result.firmwareEntered());
      assertFalse(result.firmwareMayStillWrite());
      assertEquals(raw == 0, result.isSuccess());
    }
  }

  @Test
  void resultsThatComeOftenAreShared() {
    for (long code = 0; code < 64; code++) {
      long raw = code;
      assertSame(CallResult.completed(raw), CallResult.completed(raw));
      assertSame(
          CallResult.completed(Long.MIN_VALUE | raw), CallResult.completed(Long.MIN_VALUE | raw));
    }
    for (Outcome outcome : AFTER_ENTRY) {
      assertSame(CallResult.refused(outcome, true, true), CallResult.refused(outcome, true, true));
    }
  }

  @Test
  void aResultSaysWhatBecameOfTheCall() {
    assertEquals("EFI_NOT_FOUND", CallResult.completed(EfiStatus.NOT_FOUND.raw()).toString());
    assertEquals(
        "EFI_NOT_READY (BUSY, firmware was not entered)",
        CallResult.refused(Outcome.BUSY, false, false).toString());
    assertEquals(
        "EFI_TIMEOUT (TIMED_OUT, firmware was entered and may still write)",
        CallResult.refused(Outcome.TIMED_OUT, true, true).toString());
  }
}

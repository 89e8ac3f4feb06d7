// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.call;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;

/**
 * What the worker tells a spinning caller, in one word: which generation is done and, for nearly
 * all results, how, so that the caller need not fetch another cache line.
 *
 * <pre>
 *  63             16   15   14   11    10      9 6   5       0
 * | generation      | code | outcome | error | zero | status |
 * </pre>
 *
 * Without the code bit the result stands in the call's field.
 */
final class CompletionWord {
  private static final int GENERATION_SHIFT = 16;
  private static final long GENERATION_MASK = -1L >>> GENERATION_SHIFT;
  private static final long CODE = 1L << 15;
  private static final int OUTCOME_SHIFT = 11;
  private static final int OUTCOME_MASK = 0xF;
  private static final long ERROR = 1L << 10;
  private static final long STATUS_MASK = 0x3F;
  private static final Outcome[] OUTCOMES = Outcome.values();

  private CompletionWord() {}

  static long of(long generation, CallResult result) {
    long word = generation << GENERATION_SHIFT;
    if (result.firmwareMayStillWrite()) {
      return word;
    }
    Outcome outcome = result.outcome();
    if (outcome != Outcome.COMPLETED) {
      return result.firmwareEntered()
          ? word | CODE | (long) outcome.ordinal() << OUTCOME_SHIFT
          : word;
    }
    long raw = result.status().raw();
    long code = raw & Long.MAX_VALUE;
    return code > STATUS_MASK
        ? word
        : word | CODE | (long) outcome.ordinal() << OUTCOME_SHIFT | (raw < 0 ? ERROR : 0) | code;
  }

  static boolean isOf(long word, long generation) {
    return word >>> GENERATION_SHIFT == (generation & GENERATION_MASK);
  }

  /** The result, or null if it stands in the call's field. Never allocates. */
  static CallResult result(long word) {
    if ((word & CODE) == 0) {
      return null;
    }
    Outcome outcome = OUTCOMES[(int) (word >>> OUTCOME_SHIFT) & OUTCOME_MASK];
    if (outcome != Outcome.COMPLETED) {
      return CallResult.refused(outcome, true, false);
    }
    long error = (word & ERROR) == 0 ? 0 : Long.MIN_VALUE;
    return CallResult.completed(error | word & STATUS_MASK);
  }
}

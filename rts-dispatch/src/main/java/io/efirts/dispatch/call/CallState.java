// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.call;

import io.efirts.api.Outcome;

/**
 * A call's state word and its fields.
 *
 * <pre>
 *  63                                 8 7       4 3       0
 * |             generation             | outcome |  state  |
 * </pre>
 *
 * The outcome is why a call was cancelled or abandoned, and 0 in the other states. It is part of
 * the word so that whoever ends the call tells why with the same compare-and-set.
 */
final class CallState {
  /** In the pool or being packed. */
  static final int IDLE = 0;

  /** Published; firmware was not entered. */
  static final int QUEUED = 1;

  /** Claimed by the worker. */
  static final int RUNNING = 2;

  /** The result is there. */
  static final int DONE = 3;

  /** Ended before the worker claimed it; the outcome tells why. */
  static final int CANCELLED = 4;

  /** Ended while the worker has it; the outcome tells why and the caller has not looked yet. */
  static final int ABANDONED = 5;

  /** Abandoned, and the caller has left: the worker gives the call back. */
  static final int COLLECTED = 6;

  /** Abandoned, and the worker is through with it: the caller gives the call back. */
  static final int RETURNED = 7;

  private static final int STATE_MASK = 0xF;
  private static final int OUTCOME_SHIFT = 4;
  private static final int OUTCOME_MASK = 0xF;
  private static final int GENERATION_SHIFT = 8;
  private static final Outcome[] OUTCOMES = Outcome.values();

  private CallState() {}

  static long word(long generation, int state) {
    return generation << GENERATION_SHIFT | state;
  }

  static long word(long generation, int state, Outcome outcome) {
    return word(generation, state) | (long) outcome.ordinal() << OUTCOME_SHIFT;
  }

  static int state(long word) {
    return (int) word & STATE_MASK;
  }

  static long generation(long word) {
    return word >>> GENERATION_SHIFT;
  }

  static Outcome outcome(long word) {
    return OUTCOMES[(int) word >>> OUTCOME_SHIFT & OUTCOME_MASK];
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.gate;

import io.efirts.dispatch.mode.DispatcherMode;

/**
 * The gate's word and its fields.
 *
 * <pre>
 *  63    61   60       59       58   57  56     48  47                      0
 * | mode  | waiter | damaged |  phase  |  owner  |          token           |
 * </pre>
 *
 * The token advances with every acquisition and identifies it: an owner whose token is no longer in
 * the word was fenced. It wraps after 2^48 acquisitions, nine years at one a microsecond. Damaged
 * means that this firmware faulted: whatever the mode becomes later, it must not be entered in the
 * ordinary way again.
 */
final class GateWord {
  private static final int MODE_SHIFT = 61;
  private static final long WAITER = 1L << 60;
  private static final long DAMAGED = 1L << 59;
  private static final int PHASE_SHIFT = 57;
  private static final long PHASE_MASK = 3L << PHASE_SHIFT;
  private static final int OWNER_SHIFT = 48;
  private static final long OWNER_MASK = 0x1FFL << OWNER_SHIFT;
  private static final long TOKEN_MASK = (1L << OWNER_SHIFT) - 1;

  private GateWord() {}

  static long initial(DispatcherMode mode) {
    return (long) mode.ordinal() << MODE_SHIFT;
  }

  static DispatcherMode mode(long word) {
    return DispatcherMode.of((int) (word >>> MODE_SHIFT));
  }

  static long withMode(long word, DispatcherMode mode) {
    return word << 3 >>> 3 | (long) mode.ordinal() << MODE_SHIFT;
  }

  static boolean waiter(long word) {
    return (word & WAITER) != 0;
  }

  static long withWaiter(long word) {
    return word | WAITER;
  }

  static long withoutWaiter(long word) {
    return word & ~WAITER;
  }

  static boolean damaged(long word) {
    return (word & DAMAGED) != 0;
  }

  static long withDamage(long word) {
    return word | DAMAGED;
  }

  static GatePhase phase(long word) {
    return GatePhase.of((int) ((word & PHASE_MASK) >>> PHASE_SHIFT));
  }

  static boolean free(long word) {
    return (word & PHASE_MASK) == 0;
  }

  static long withPhase(long word, GatePhase phase) {
    return word & ~PHASE_MASK | (long) phase.ordinal() << PHASE_SHIFT;
  }

  static GateOwner owner(long word) {
    return GateOwner.of((int) ((word & OWNER_MASK) >>> OWNER_SHIFT));
  }

  static long token(long word) {
    return word & TOKEN_MASK;
  }

  /** The word after an acquisition: next token (never 0), this owner and phase, no waiter. */
  static long acquired(long word, GateOwner owner, GatePhase phase) {
    long token = token(word) + 1 & TOKEN_MASK;
    return word & ~(WAITER | PHASE_MASK | OWNER_MASK | TOKEN_MASK)
        | (long) phase.ordinal() << PHASE_SHIFT
        | (long) owner.ordinal() << OWNER_SHIFT
        | (token == 0 ? 1 : token);
  }

  /** The word after a release: free, nobody's; mode, waiter and token stay. */
  static long released(long word) {
    return word & ~(PHASE_MASK | OWNER_MASK);
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.gate;

import io.efirts.dispatch.mode.DispatcherMode;

/**
 * The gate's word and its fields.
 *
 * <pre>
 *  63   61     60      59       58     57   56 55   53 52    48 47          0
 * | mode  | waiter | reset  | damaged | phase | owner | target |    token    |
 *                    waiter
 * </pre>
 *
 * The token advances with every acquisition and identifies it: an owner whose token is no longer in
 * the word was fenced. It wraps after 2^48 acquisitions, nine years at one a microsecond. Damaged
 * means that this firmware faulted or was interrupted: whatever the mode becomes later, it must not
 * be entered in the ordinary way again. Target is what the owner calls, see {@link GateTarget}.
 */
final class GateWord {
  private static final int MODE_SHIFT = 61;
  private static final long WAITER = 1L << 60;
  private static final long RESET_WAITER = 1L << 59;
  private static final long WAITERS = WAITER | RESET_WAITER;
  private static final long DAMAGED = 1L << 58;
  private static final int PHASE_SHIFT = 56;
  private static final long PHASE_MASK = 3L << PHASE_SHIFT;
  private static final int OWNER_SHIFT = 53;
  private static final long OWNER_MASK = 7L << OWNER_SHIFT;
  private static final int TARGET_SHIFT = 48;
  private static final long TARGET_MASK = 0x1FL << TARGET_SHIFT;
  private static final long TOKEN_MASK = (1L << TARGET_SHIFT) - 1;
  private static final long HOLD_MASK = PHASE_MASK | OWNER_MASK | TARGET_MASK;

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

  static boolean resetWaiter(long word) {
    return (word & RESET_WAITER) != 0;
  }

  static long withResetWaiter(long word) {
    return word | RESET_WAITER;
  }

  static long withoutResetWaiter(long word) {
    return word & ~RESET_WAITER;
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

  /** Whether an owner has the gate that was not given up on. */
  static boolean taken(long word) {
    GatePhase phase = phase(word);
    return phase == GatePhase.HELD || phase == GatePhase.ENTERED;
  }

  static long withPhase(long word, GatePhase phase) {
    return word & ~PHASE_MASK | (long) phase.ordinal() << PHASE_SHIFT;
  }

  static GateOwner owner(long word) {
    return GateOwner.of((int) ((word & OWNER_MASK) >>> OWNER_SHIFT));
  }

  static int target(long word) {
    return (int) ((word & TARGET_MASK) >>> TARGET_SHIFT);
  }

  static long token(long word) {
    return word & TOKEN_MASK;
  }

  /**
   * The word after an acquisition: next token (never 0), this owner and phase. The owner's own mark
   * of waiting is gone; another's stays, or it would have to wait for its turn once more.
   */
  static long acquired(long word, GateOwner owner, int target, GatePhase phase) {
    long token = token(word) + 1 & TOKEN_MASK;
    long mark =
        switch (owner) {
          case WORKER -> WAITER;
          case RESET -> RESET_WAITER;
          default -> WAITERS;
        };
    return word & ~(mark | HOLD_MASK | TOKEN_MASK)
        | (long) phase.ordinal() << PHASE_SHIFT
        | (long) owner.ordinal() << OWNER_SHIFT
        | (long) target << TARGET_SHIFT
        | (token == 0 ? 1 : token);
  }

  /** The word after a release: free, nobody's; mode, waiters and token stay. */
  static long released(long word) {
    return word & ~HOLD_MASK;
  }

  /** The word after its owner was given up on: who it was and for what stays to be seen. */
  static long wedged(long word) {
    return withDamage(
        withMode(withPhase(word & ~WAITERS, GatePhase.WEDGED), mode(word).afterFault()));
  }
}

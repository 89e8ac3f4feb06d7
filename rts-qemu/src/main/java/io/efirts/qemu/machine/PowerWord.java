// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Who decides whether the vCPU runs: {@code use count << 2 | state} in one word.
 *
 * <pre>
 *            use                       idle                     stopped
 *   RUNNING ─────► IN_USE     RUNNING ─────► PAUSING ─────────► PAUSED
 *      ▲             │ end                      │                 │
 *      └─────────────┘                 IN_USE ◄─┴─────────────────┘ resuming use
 * </pre>
 *
 * <p>Every step is a CAS, except those of the one thread that owns IN_USE, which leaves it by a
 * release store. The count advances with every use, so the housekeeper that finds the same word
 * twice knows that nobody used the machine in between, and its CAS on that word cannot mistake a
 * newer state for the one it saw. A user does not wait for a pause that is being made: it takes the
 * word, and the housekeeper, which then fails to leave PAUSING, lets the vCPU run again.
 *
 * <p>Memory effects: a use sees everything the one before it did (release store, acquiring CAS).
 */
final class PowerWord {
  /** The vCPU runs, nobody needs it to. */
  static final int RUNNING = 0;

  /** The vCPU runs, or its user is about to let it run. */
  static final int IN_USE = 1;

  /** The housekeeper is stopping the vCPU. */
  static final int PAUSING = 2;

  /** The vCPU stands still. */
  static final int PAUSED = 3;

  private static final int STATE_BITS = 2;
  private static final long STATE_MASK = (1L << STATE_BITS) - 1;
  private static final VarHandle WORD;

  static {
    try {
      WORD = MethodHandles.lookup().findVarHandle(PowerWord.class, "word", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("FieldMayBeFinal") // Written through WORD.
  private volatile long word;

  /** A word in the state in which a machine starts: in use by whoever started it. */
  PowerWord() {
    word = IN_USE;
  }

  /** The state in a word. */
  static int state(long word) {
    return (int) (word & STATE_MASK);
  }

  /** The word as it is now. */
  long get() {
    return word;
  }

  /**
   * RUNNING to IN_USE.
   *
   * @return whether this caller is the user now
   */
  boolean tryUse() {
    long seen = word;
    return state(seen) == RUNNING && WORD.compareAndSet(this, seen, used(seen));
  }

  /**
   * PAUSED or PAUSING to IN_USE; the caller must then let the vCPU run.
   *
   * @return whether this caller is the user now
   */
  boolean tryResume() {
    long seen = word;
    return state(seen) >= PAUSING && WORD.compareAndSet(this, seen, used(seen));
  }

  /**
   * IN_USE to RUNNING, by the user.
   *
   * @throws IllegalStateException if nobody uses the machine
   */
  void end() {
    leave(IN_USE, RUNNING);
  }

  /**
   * IN_USE to PAUSED, by a user who could not let the vCPU run.
   *
   * @throws IllegalStateException if nobody uses the machine
   */
  void giveUp() {
    leave(IN_USE, PAUSED);
  }

  /**
   * RUNNING to PAUSING, if nothing happened since the word was seen.
   *
   * @return whether this caller is to stop the vCPU
   */
  boolean tryPausing(long seen) {
    return state(seen) == RUNNING && WORD.compareAndSet(this, seen, with(seen, PAUSING));
  }

  /**
   * PAUSING to PAUSED, by the housekeeper.
   *
   * @param seen the word that it began to pause at
   * @return false if somebody uses the machine, or has since
   */
  boolean tryPaused(long seen) {
    return WORD.compareAndSet(this, with(seen, PAUSING), with(seen, PAUSED));
  }

  /**
   * PAUSING to RUNNING, by a housekeeper who thought better of it; nothing if somebody has taken
   * the machine meanwhile.
   *
   * @param seen the word that it began to pause at
   * @return whether it was still being paused
   */
  boolean tryNotPaused(long seen) {
    return WORD.compareAndSet(this, with(seen, PAUSING), with(seen, RUNNING));
  }

  private void leave(int from, int to) {
    long seen = (long) WORD.get(this);
    if (state(seen) != from) {
      throw new IllegalStateException(
          "machine's power state must be " + from + ": state=" + state(seen));
    }
    WORD.setRelease(this, with(seen, to));
  }

  private static long used(long word) {
    return with(word + (1L << STATE_BITS), IN_USE);
  }

  private static long with(long word, int state) {
    return word & ~STATE_MASK | state;
  }
}

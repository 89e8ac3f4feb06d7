// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps the vCPU running while somebody uses the machine, and pauses it when nobody does: a guest
 * that waits for work in a loop costs a whole processor.
 *
 * <p>A use is {@link #begin}, then {@link #end}, by one user at a time. While the vCPU runs that is
 * one CAS and one store; after a pause {@code begin} asks QEMU to go on, some 0.2 ms. It waits for
 * no pause that is just being made either: the machine is then the user's, and the housekeeper
 * takes its stop back once that was answered. Should the housekeeper itself be stopped there, the
 * user tells QEMU to go on by {@link #keepRunning}, now and then. A housekeeping thread looks every
 * idle time whether there was a use; it pauses the vCPU after one to two idle times without, and
 * sleeps without limit until the next use. A machine starts in use by whoever started it, so
 * firmware is not paused while it boots: {@code end} says that it is ready.
 *
 * <p>{@link #seize} is for the crash path. From then on the machine is never left paused: the flag
 * is set before "go on" is sent, and the housekeeper reads it after each of its stops was answered,
 * so either its stop came before the "go on", or it sees the flag and takes the stop back. The flag
 * lies beside the word and not in it, so that the interrupted user's {@code end} may be a plain
 * store and cannot undo a seizure. Only a housekeeper that is itself stopped between the two can
 * leave the vCPU stopped; hence a crash that waits for an answer seizes again, now and then.
 */
public final class MachinePower {
  private static final long LOOK_NANOS = 10_000;

  private final PowerWord word = new PowerWord();
  private final PowerSwitch power;
  private final Housekeeper housekeeper;
  private volatile boolean seized;
  private volatile MachineException failure;

  /**
   * Whether the housekeeper may have asked for a stop that is not answered, or not taken back.
   * Written before it takes the word, read by who has taken the word: one of the two sees the
   * other.
   */
  private volatile boolean pausing;

  MachinePower(PowerSwitch power, long idleNanos, String threadName) {
    this.power = power;
    housekeeper = new Housekeeper(this, idleNanos, threadName);
  }

  /** Starts the housekeeping thread. */
  void start() {
    housekeeper.start();
  }

  /** Ends the housekeeping thread: no pause begins after it, one in progress is waited for. */
  void close() {
    housekeeper.close();
  }

  /**
   * Begins a use: the vCPU runs until {@link #end}, after a pause from some 0.2 ms later. Allocates
   * nothing, takes no lock and waits for nobody. Makes no system call while the vCPU runs; after a
   * pause, or in the middle of one, it makes one, and one to wake the housekeeper.
   *
   * @return false if QEMU could not be told to let the vCPU run
   * @throws IllegalStateException if the machine is in use
   */
  public boolean begin() {
    while (power.isAlive()) {
      if (word.tryUse()) {
        return true;
      }
      if (word.tryResume()) {
        return begun(power.resumeForUser());
      }
      requireUnused();
    }
    return false;
  }

  /**
   * Begins a use in which the machine is told more: after a pause this waits until QEMU has
   * answered that the vCPU runs, and for a pause that is just being made until it was taken back.
   * Allocates then.
   *
   * @param deadline latest time as of {@link System#nanoTime()}
   * @return false if the vCPU could not be let run by then; {@link #failure} may say why
   * @throws IllegalStateException if the machine is in use
   */
  boolean beginAnswered(long deadline) {
    while (power.isAlive()) {
      if (word.tryUse()) {
        // The one before may have taken the word from a housekeeper that is still at it.
        return !pausing || resumed(deadline);
      }
      if (word.tryResume()) {
        return resumed(deadline);
      }
      requireUnused();
    }
    return false;
  }

  private void requireUnused() {
    long seen = word.get();
    if (PowerWord.state(seen) == PowerWord.IN_USE) {
      throw new IllegalStateException("machine must not be in use: uses=" + (seen >>> 2));
    }
  }

  private boolean resumed(long deadline) {
    while (pausing) {
      if (System.nanoTime() - deadline >= 0) {
        return begun(false);
      }
      LockSupport.parkNanos(this, LOOK_NANOS);
    }
    try {
      power.resume(deadline);
      return begun(true);
    } catch (MachineException e) {
      failure = e;
      return begun(false);
    }
  }

  private boolean begun(boolean told) {
    if (told) {
      housekeeper.wake();
    } else {
      word.giveUp();
    }
    return told;
  }

  /**
   * Ends a use. One store; never blocks, allocates or fails for another's fault.
   *
   * @throws IllegalStateException if the machine is not in use
   */
  public void end() {
    word.end();
  }

  /**
   * Tells QEMU to let the vCPU run if a stop may still be on its way that the use has met. For the
   * user, while it waits longer than usual; one volatile read otherwise. Waits for nobody,
   * allocates nothing.
   */
  public void keepRunning() {
    if (pausing) {
      power.resumeForUser();
    }
  }

  /**
   * Takes the machine for the crash path, whoever uses or pauses it: it runs and is not paused
   * again. May be called any number of times. One system call; waits for nobody, allocates nothing,
   * takes no lock another thread may hold. One thread at a time.
   *
   * @return whether QEMU's end took the command to go on
   */
  public boolean seize() {
    seized = true;
    return power.resumeFromCrash();
  }

  /**
   * The last time QEMU did not do what it was asked to.
   *
   * @return its failure, empty if there was none
   */
  public Optional<MachineException> failure() {
    return Optional.ofNullable(failure);
  }

  /** The power word as it is now; for the housekeeper. */
  long seen() {
    return word.get();
  }

  /** Whether the housekeeper still has something to do. */
  boolean pausable() {
    return !seized && power.isAlive();
  }

  /** Keeps what the guest has said short; for the housekeeper. */
  void tidy() {
    try {
      power.tidy();
    } catch (MachineException e) {
      failure = e;
    }
  }

  /**
   * Stops the vCPU if nothing happened since the word was seen; for the housekeeper.
   *
   * @return whether it stands still
   */
  boolean pauseIfUnchanged(long seen, long limitNanos) {
    pausing = true;
    try {
      return word.tryPausing(seen) && paused(seen, limitNanos);
    } finally {
      pausing = false;
    }
  }

  private boolean paused(long seen, long limitNanos) {
    if (seized) {
      word.tryNotPaused(seen);
      return false;
    }
    try {
      power.stop();
    } catch (MachineException e) {
      // Stopped or not, "go on" makes it run, and that is what PAUSED asks the next user for.
      failure = e;
    }
    if (seized || !word.tryPaused(seen)) {
      takeBack(seen, limitNanos);
      return false;
    }
    // A seizure after the look above sends its "go on" after the stop was answered.
    power.drain();
    return true;
  }

  private void takeBack(long seen, long limitNanos) {
    try {
      power.resume(System.nanoTime() + limitNanos);
    } catch (MachineException e) {
      failure = e;
    }
    word.tryNotPaused(seen);
  }
}

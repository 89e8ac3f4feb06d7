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
 * one CAS and one store; after a pause {@code begin} asks QEMU to go on, some 0.2 ms. A
 * housekeeping thread looks every idle time whether there was a use; it pauses the vCPU after one
 * to two idle times without, and sleeps without limit until the next use. A machine starts in use
 * by whoever started it, so firmware is not paused while it boots: {@code end} says that it is
 * ready.
 *
 * <p>{@link #seize} is for the crash path. From then on the machine is never left paused: the flag
 * is set before "go on" is sent, and the housekeeper reads it after each of its stops was answered,
 * so either its stop came before the "go on", or it sees the flag and takes the stop back. The flag
 * lies beside the word and not in it, so that the interrupted user's {@code end} may be a plain
 * store and cannot undo a seizure. Only a housekeeper that is itself stopped between the two can
 * leave the vCPU stopped; hence a crash that waits for an answer seizes again, now and then.
 */
public final class MachinePower {
  private final PowerWord word = new PowerWord();
  private final PowerSwitch power;
  private final Housekeeper housekeeper;
  private volatile boolean seized;
  private volatile MachineException failure;

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
   * nothing and takes no lock. Makes no system call while the vCPU runs; after a pause it makes
   * one, and one to wake the housekeeper. Blocks only while the machine is just being paused, for
   * as long as QEMU takes to answer that. An interrupt neither ends it nor gets lost.
   *
   * @param deadline latest time as of {@link System#nanoTime()}
   * @return false if the vCPU could not be let run by then
   * @throws IllegalStateException if the machine is in use
   */
  public boolean begin(long deadline) {
    return word.tryUse() || beginSlowly(deadline, /* answered= */ false);
  }

  /**
   * Begins a use in which the machine is told more: after a pause this waits until QEMU has
   * answered that the vCPU runs. Allocates then.
   *
   * @return false if the vCPU could not be let run by then; {@link #failure} may say why
   */
  boolean beginAnswered(long deadline) {
    return word.tryUse() || beginSlowly(deadline, /* answered= */ true);
  }

  private boolean beginSlowly(long deadline, boolean answered) {
    while (power.isAlive()) {
      switch (PowerWord.state(word.get())) {
        case PowerWord.RUNNING -> {
          if (word.tryUse()) {
            return true;
          }
        }
        case PowerWord.IN_USE ->
            throw new IllegalStateException(
                "machine must not be in use: uses=" + (word.get() >>> 2));
        case PowerWord.PAUSED -> {
          if (word.tryResume()) {
            return resume(deadline, answered);
          }
        }
        default -> {
          // The housekeeper needs to be answered by QEMU.
          if (System.nanoTime() - deadline >= 0) {
            return false;
          }
          LockSupport.parkNanos(this, 10_000);
        }
      }
    }
    return false;
  }

  private boolean resume(long deadline, boolean answered) {
    boolean told;
    try {
      if (answered) {
        power.resume(deadline);
        told = true;
      } else {
        told = power.resumeForUser();
      }
    } catch (MachineException e) {
      failure = e;
      told = false;
    }
    if (!told) {
      word.giveUp();
      return false;
    }
    housekeeper.wake();
    return true;
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

  /**
   * Stops the vCPU if nothing happened since the word was seen; for the housekeeper.
   *
   * @return whether it stands still
   */
  boolean pauseIfUnchanged(long seen, long limitNanos) {
    if (!word.tryPausing(seen)) {
      return false;
    }
    if (seized) {
      word.notPaused();
      return false;
    }
    try {
      power.stop();
    } catch (MachineException e) {
      // Stopped or not, "go on" makes it run, and that is what PAUSED asks the next user for.
      failure = e;
    }
    if (seized) {
      takeBack(limitNanos);
      return false;
    }
    word.paused();
    // A seizure after the look above sends its "go on" after the stop was answered.
    power.drain();
    return true;
  }

  private void takeBack(long limitNanos) {
    try {
      power.resume(System.nanoTime() + limitNanos);
    } catch (MachineException e) {
      failure = e;
    }
    word.notPaused();
  }
}

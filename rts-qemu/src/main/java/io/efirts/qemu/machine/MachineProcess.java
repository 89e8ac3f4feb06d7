// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import java.util.List;
import java.util.concurrent.TimeUnit;

/** A machine's process and the watch over its end. */
final class MachineProcess {
  private static final long KILL_LIMIT_NANOS = 10_000_000_000L;
  private static final long OWN_END_LIMIT_NANOS = 5_000_000_000L;

  private final Process process;
  private final MachineExit exit;

  /**
   * Starts a process.
   *
   * @throws MachineException if it cannot be started
   */
  MachineProcess(List<String> command, MachineDirectory directory) {
    process = Lifeline.start(command, directory.path(), directory.file(MachineDirectory.OUTPUT));
    try {
      exit = new MachineExit(process, directory);
      exit.start();
    } catch (Throwable e) {
      // The JVM may have no thread left for it.
      process.destroyForcibly();
      throw e;
    }
  }

  long pid() {
    return process.pid();
  }

  MachineExit exit() {
    return exit;
  }

  /**
   * Kills the process and waits until its end has been noticed; an interrupt does not shorten that
   * and is kept.
   *
   * @throws MachineException if it does not end in time
   */
  void kill() {
    process.destroyForcibly();
    if (!awaitEnd(KILL_LIMIT_NANOS)) {
      throw new MachineException("killed process must end: pid=" + process.pid());
    }
  }

  /**
   * Ends a process whose start failed. One that is about to end by itself gets a moment for it,
   * since what it said last is the reason.
   *
   * @param failure what was noticed here
   * @return what to throw
   */
  RuntimeException failedStart(RuntimeException failure) {
    boolean ended = awaitEnd(OWN_END_LIMIT_NANOS);
    kill();
    return ended
        ? new MachineException("QEMU must not end at its start: " + exit.description(), failure)
        : failure;
  }

  /**
   * Ends a process whose start this JVM could not go through with.
   *
   * @param failure of the JVM's
   * @return the same
   */
  Error failedStart(Error failure) {
    try {
      kill();
    } catch (MachineException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }

  private boolean awaitEnd(long limitNanos) {
    boolean interrupted = false;
    long deadline = System.nanoTime() + limitNanos;
    while (!exit.noticed() && System.nanoTime() - deadline < 0) {
      try {
        exit.join(TimeUnit.NANOSECONDS.toMillis(limitNanos));
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return exit.noticed();
  }
}

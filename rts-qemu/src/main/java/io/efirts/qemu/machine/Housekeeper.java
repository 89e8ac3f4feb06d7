// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import java.util.concurrent.locks.LockSupport;

/**
 * The thread that pauses a machine nobody uses, and keeps the log of its serial port short. It
 * polls while the vCPU may run, else it sleeps.
 */
final class Housekeeper {
  private static final long JOIN_MILLIS = 10_000;
  private static final long TAKE_BACK_NANOS = 5_000_000_000L;

  private final MachinePower power;
  private final long idleNanos;
  private final Thread thread;
  private volatile boolean closed;

  Housekeeper(MachinePower power, long idleNanos, String threadName) {
    this.power = power;
    this.idleNanos = idleNanos;
    thread = Thread.ofPlatform().name(threadName).daemon(true).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Tells that the vCPU runs again. */
  void wake() {
    LockSupport.unpark(thread);
  }

  /** Ends the thread and waits for it; an interrupt does not shorten that and is kept. */
  void close() {
    closed = true;
    wake();
    boolean interrupted = false;
    long deadline = System.nanoTime() + JOIN_MILLIS * 1_000_000;
    while (thread.isAlive() && System.nanoTime() - deadline < 0) {
      try {
        thread.join(JOIN_MILLIS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!closed && power.pausable()) {
      long seen = power.seen();
      if (PowerWord.state(seen) == PowerWord.PAUSED) {
        LockSupport.park(power);
      } else {
        LockSupport.parkNanos(power, idleNanos);
        power.tidy();
        if (!closed) {
          power.pauseIfUnchanged(seen, TAKE_BACK_NANOS);
        }
      }
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.write;

import io.efirts.api.spi.NanoClock;
import io.efirts.api.spi.Step;
import io.efirts.api.spi.StepHook;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The right to compose a dump: one thread at a time has the buffers and the compressor. Always
 * taken before the gate (I-3), and never by a panic, which has its own.
 *
 * <p>Any platform thread. Nothing allocates; only {@link #awaitFree} waits.
 */
public final class DumpLock {
  private static final long LOOK_NANOS = 100_000;

  private final NanoClock clock;
  private final StepHook steps;
  private final AtomicReference<Thread> owner = new AtomicReference<>();

  /**
   * A free lock.
   *
   * @param clock lets threads wait
   * @param steps told when it is taken, or null
   */
  public DumpLock(NanoClock clock, StepHook steps) {
    this.clock = clock;
    this.steps = steps;
  }

  /**
   * Takes it if it is free.
   *
   * @return false if somebody has it, this thread included
   */
  public boolean tryLock() {
    if (!owner.compareAndSet(null, Thread.currentThread())) {
      return false;
    }
    if (steps != null) {
      steps.made(Step.DUMP_LOCKED);
    }
    return true;
  }

  /**
   * Waits until it looks free. Not while stops are deferred: another thread waits for this one. An
   * interrupt does not end it; the flag is kept.
   *
   * @param nanos longest wait
   * @return false if it is still taken; at once if by this thread
   */
  public boolean awaitFree(long nanos) {
    long start = clock.nanoTime();
    boolean interrupted = false;
    // Counted as well: a virtual clock may stand still.
    long looks = nanos / LOOK_NANOS;
    Thread has = owner.get();
    while (has != null
        && has != Thread.currentThread()
        && looks-- > 0
        && clock.nanoTime() - start < nanos) {
      // Left set, it would end each wait at once, and the time for them all with them.
      interrupted |= Thread.interrupted();
      clock.parkNanos(this, LOOK_NANOS);
      has = owner.get();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return has == null;
  }

  /** Gives it back. For its owner. */
  public void unlock() {
    owner.set(null);
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.path;

import io.efirts.api.spi.NanoClock;

/**
 * When a panicking thread was last seen to get on, so that a later one can tell whether it still
 * does: nobody else is left to notice a firmware that hangs in an emergency's own call.
 *
 * <p>Any platform thread, in any state.
 */
public final class EmergencyProgress {
  /** Longer than an erase of flash memory, which is the slowest that a healthy firmware does. */
  private static final long LEAST_STALL_NANOS = 2_000_000_000L;

  private static final int GRACE_PERIODS = 4;

  private final NanoClock clock;

  /** Written before the time below, by threads that want to begin; the last one's counts. */
  private volatile long stallNanos;

  private volatile long lastNanos;

  /**
   * No progress yet.
   *
   * @param clock tells the time
   */
  public EmergencyProgress(NanoClock clock) {
    this.clock = clock;
  }

  /**
   * A thread is about to take the firmware over. Before the mode says so: whoever finds that mode
   * finds a time too, also when this thread is stopped right behind it.
   *
   * @param graceNanos its grace period
   */
  public void begins(long graceNanos) {
    stallNanos =
        Math.max(LEAST_STALL_NANOS, Math.min(graceNanos, Long.MAX_VALUE / 8) * GRACE_PERIODS);
    lastNanos = clock.nanoTime();
  }

  /** The thread that has the firmware gets on. */
  public void made() {
    lastNanos = clock.nanoTime();
  }

  /**
   * Whether that thread does not get on any more.
   *
   * @return true after four of its grace periods, and at least two seconds, without progress
   */
  public boolean hasStalled() {
    return clock.nanoTime() - lastNanos >= stallNanos;
  }
}

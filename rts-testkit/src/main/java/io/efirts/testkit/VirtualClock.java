// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit;

import io.efirts.api.spi.NanoClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock that stands still until a test advances it. It never goes back: an advance past {@link
 * Long#MAX_VALUE} wraps, as {@link System#nanoTime} may, and the difference stays right.
 *
 * <p>Safe for any thread; lock-free, allocates nothing. What a thread did before it advanced the
 * clock is visible to whoever reads the new time. Nobody is woken: who sleeps until a deadline must
 * be woken by the test.
 */
public final class VirtualClock implements NanoClock {
  /** Where the clock starts when the test does not care: it wraps within the first second. */
  private static final long ONE_SECOND_BEFORE_WRAP = Long.MAX_VALUE - 1_000_000_000L;

  private final AtomicLong nowNs;

  /**
   * A clock that starts one second before it wraps, so that whoever compares times otherwise than
   * by their difference is found out.
   */
  public VirtualClock() {
    this(ONE_SECOND_BEFORE_WRAP);
  }

  /**
   * A clock that starts at a given time.
   *
   * @param startNs what {@link #nanoTime} returns before the first advance, any value
   */
  public VirtualClock(long startNs) {
    nowNs = new AtomicLong(startNs);
  }

  /**
   * Lets time pass.
   *
   * @param time how much, at most {@link Long#MAX_VALUE} nanoseconds
   * @throws IllegalArgumentException if it is negative or longer than that
   */
  public void advance(Duration time) {
    if (time.isNegative() || time.compareTo(Duration.ofNanos(Long.MAX_VALUE)) > 0) {
      throw new IllegalArgumentException(
          "time must be 0 to 2^63-1 nanoseconds, a clock never goes back: time=" + time);
    }
    nowNs.getAndAdd(time.toNanos());
  }

  @Override
  public long nanoTime() {
    return nowNs.get();
  }
}

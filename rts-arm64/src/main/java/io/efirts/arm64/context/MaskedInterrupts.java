// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.context;

import io.efirts.api.spi.NanoClock;
import io.efirts.arm64.vcpu.Daif;
import java.util.Objects;

/**
 * How long firmware keeps interrupts masked, in calls that were made with interrupts on. A
 * preemptible call is as preemptible as firmware lets it be; this is how the host learns how much
 * that is.
 *
 * <p>Only who sees firmware's writes of DAIF can tell the time: a hypervisor that traps them, or a
 * model, calls {@link #daifWritten}. Firmware that returns with interrupts masked of which nobody
 * told is counted as {@link #untimed}. What the host itself masks, when it handles an interrupt on
 * top of a call, is not told here.
 *
 * <p>One for each context. Told by the thread that is inside; counts are read by any thread.
 * Nothing here blocks, locks or allocates.
 */
public final class MaskedInterrupts {
  private static final long INTERRUPTS = Daif.I | Daif.F;

  private final NanoClock clock;

  /** The innermost entry, or null outside. */
  private MaskedSpan current;

  private volatile long calls;
  private volatile long untimed;
  private volatile long lastNanos;
  private volatile long longestNanos;
  private volatile long totalNanos;

  /**
   * Nothing measured yet.
   *
   * @param clock by which time is told
   */
  public MaskedInterrupts(NanoClock clock) {
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /**
   * Code inside the firmware has written DAIF; ignored outside a call.
   *
   * @param daif the new value, bits of {@link Daif}
   */
  public void daifWritten(long daif) {
    MaskedSpan span = current;
    if (span == null) {
      return;
    }
    boolean masked = isMasked(span, daif);
    if (masked && !span.masked) {
      span.sinceNanos = clock.nanoTime();
    } else if (!masked && span.masked) {
      span.nanos += clock.nanoTime() - span.sinceNanos;
    }
    span.masked = masked;
  }

  void begin(MaskedSpan span, long daif) {
    span.allowed = daif;
    span.masked = false;
    span.nanos = 0;
    span.outer = current;
    current = span;
  }

  /** Ends an entry, before its mask is repaired. */
  void end(MaskedSpan span, long daif) {
    current = span.outer;
    if (span.masked) {
      span.nanos += clock.nanoTime() - span.sinceNanos;
    } else if (isMasked(span, daif)) {
      untimed++;
    }
    if (span.nanos > 0) {
      calls++;
      lastNanos = span.nanos;
      totalNanos += span.nanos;
      longestNanos = Math.max(longestNanos, span.nanos);
    }
  }

  private static boolean isMasked(MaskedSpan span, long daif) {
    return (daif & ~span.allowed & INTERRUPTS) != 0;
  }

  /**
   * In how many calls firmware masked interrupts for a time that was told.
   *
   * @return the count
   */
  public long calls() {
    return calls;
  }

  /**
   * How many calls ended with interrupts masked without that the time is known.
   *
   * @return the count
   */
  public long untimed() {
    return untimed;
  }

  /**
   * How long it was in the last of {@link #calls}.
   *
   * @return nanoseconds
   */
  public long lastNanos() {
    return lastNanos;
  }

  /**
   * How long it was in the worst of {@link #calls}.
   *
   * @return nanoseconds
   */
  public long longestNanos() {
    return longestNanos;
  }

  /**
   * How long it was in all {@link #calls}.
   *
   * @return nanoseconds
   */
  public long totalNanos() {
    return totalNanos;
  }
}

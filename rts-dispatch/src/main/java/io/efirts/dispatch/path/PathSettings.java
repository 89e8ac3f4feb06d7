// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.path;

import io.efirts.api.spec.RtProperties;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.AtomicContext;
import io.efirts.api.spi.NanoClock;
import io.efirts.dispatch.gate.WedgeLimits;

/**
 * What an embedder decided about its calls.
 *
 * @param clock tells the time
 * @param atomicContext tells where waiting is forbidden
 * @param supported which services the platform says it has
 * @param wedgeLimits how long each may be inside
 * @param handlers tells whether a completion handler is running
 */
public record PathSettings(
    NanoClock clock,
    AtomicContext atomicContext,
    RtProperties supported,
    WedgeLimits wedgeLimits,
    HandlerThread handlers) {
  /** How long a waiter sleeps where the clock may jump: it cannot know when its time has come. */
  private static final long JUMPING_CLOCK_SLICE_NANOS = 1_000_000;

  /**
   * Whether a service may be called.
   *
   * @param service the service; null for a vendor's entry, which no table lists
   * @return true if so
   */
  public boolean supports(RuntimeService service) {
    return service == null || supported.supports(service);
  }

  /**
   * How long a waiter may sleep.
   *
   * @param atMostNanos longest sleep by the real clock
   * @return that, or a short while if the dispatcher's clock is not the real one
   */
  public long sliceNanos(long atMostNanos) {
    return clock == NanoClock.SYSTEM
        ? atMostNanos
        : Math.min(atMostNanos, JUMPING_CLOCK_SLICE_NANOS);
  }
}

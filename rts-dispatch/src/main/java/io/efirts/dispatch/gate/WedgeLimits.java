// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.gate;

import io.efirts.api.spec.RuntimeService;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * How long a call of each service may be inside the firmware before the firmware counts as wedged.
 * Immutable.
 */
public final class WedgeLimits {
  /** For a target that may take for ever. */
  public static final long NONE = Long.MAX_VALUE;

  private static final Duration DEFAULT = Duration.ofSeconds(120);

  private final long[] nanosByTarget;

  private WedgeLimits(long[] nanosByTarget) {
    this.nanosByTarget = nanosByTarget;
  }

  /**
   * Two minutes for everything but UpdateCapsule, which may write flash for longer than that and
   * has no limit.
   *
   * @return the limits
   */
  public static WedgeLimits defaults() {
    long[] nanos = new long[GateTarget.COUNT];
    Arrays.fill(nanos, DEFAULT.toNanos());
    // An emergency's hold, which lasts from its first call to its last.
    nanos[GateTarget.NONE] = NONE;
    nanos[GateTarget.of(RuntimeService.UPDATE_CAPSULE)] = NONE;
    return new WedgeLimits(nanos);
  }

  /**
   * These limits with another one for one target.
   *
   * @param target see {@link GateTarget}
   * @param limit the limit, null for none
   * @return new limits
   */
  public WedgeLimits with(int target, Duration limit) {
    long[] nanos = nanosByTarget.clone();
    nanos[target] = limit == null ? NONE : TimeUnit.NANOSECONDS.convert(limit);
    return new WedgeLimits(nanos);
  }

  /**
   * The limit of a target.
   *
   * @param target see {@link GateTarget}
   * @return nanoseconds, or {@link #NONE}
   */
  public long nanos(int target) {
    return nanosByTarget[target];
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.policy;

import java.time.Duration;
import java.util.Objects;

/**
 * What happens after the services were disabled by a fault, a wedge or a dead worker.
 *
 * <p>Re-arming makes a new firmware instance with its own context and worker and lets it serve if
 * it passes a probe. The instance that was disabled is never entered again.
 *
 * @param limit how often at most in the dispatcher's life, failed attempts included; 0 for never
 * @param pause how long to wait after the services were disabled, and after a failed attempt
 * @param probe what a new instance must pass
 * @param probeTimeout deadline of each of the probe's calls
 */
public record RearmPolicy(int limit, Duration pause, FirmwareProbe probe, Duration probeTimeout) {
  /** Disabled once is disabled for good. */
  public static final RearmPolicy NEVER =
      new RearmPolicy(0, Duration.ZERO, FirmwareProbe.READ_ONLY, Duration.ofSeconds(1));

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a number or duration is negative, or the timeout zero
   */
  public RearmPolicy {
    Objects.requireNonNull(pause, "pause");
    Objects.requireNonNull(probe, "probe");
    Objects.requireNonNull(probeTimeout, "probeTimeout");
    if (limit < 0) {
      throw new IllegalArgumentException("limit must not be negative: limit=" + limit);
    }
    if (pause.isNegative()) {
      throw new IllegalArgumentException("pause must not be negative: pause=" + pause);
    }
    if (probeTimeout.isNegative() || probeTimeout.isZero()) {
      throw new IllegalArgumentException(
          "probeTimeout must be positive: probeTimeout=" + probeTimeout);
    }
  }

  /**
   * Re-arms with the read-only probe.
   *
   * @param limit how often at most
   * @param pause how long to wait before
   * @return the policy
   */
  public static RearmPolicy afterProbe(int limit, Duration pause) {
    return new RearmPolicy(limit, pause, FirmwareProbe.READ_ONLY, Duration.ofSeconds(10));
  }
}

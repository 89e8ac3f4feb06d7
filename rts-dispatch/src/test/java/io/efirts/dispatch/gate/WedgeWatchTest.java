// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.spec.RuntimeService;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A hold is given up on when its limit has passed since the first look at that very hold. */
class WedgeWatchTest {
  private static final int TARGET = GateTarget.of(RuntimeService.GET_TIME);
  private static final WedgeLimits LIMITS =
      WedgeLimits.defaults().with(TARGET, Duration.ofNanos(100));

  private final WedgeWatch watch = new WedgeWatch();

  private static FirmwareGate entered() {
    FirmwareGate gate = new FirmwareGate();
    gate.tryAcquireAsWorker(TARGET);
    return gate;
  }

  @Test
  void theLimitCountsFromTheFirstLook() {
    FirmwareGate gate = entered();
    assertFalse(watch.look(gate, LIMITS, 1_000));
    assertFalse(watch.look(gate, LIMITS, 1_099));
    assertTrue(watch.look(gate, LIMITS, 1_100));
    assertEquals(GatePhase.WEDGED, gate.phase());
  }

  /** Both gates count their tokens from 1, as those of an instance and its successor do. */
  @Test
  void theSameTokenOfAnotherGateIsAnotherHold() {
    FirmwareGate disabled = entered();
    watch.look(disabled, LIMITS, 0);
    assertTrue(watch.look(disabled, LIMITS, 100));
    FirmwareGate fresh = entered();
    assertEquals(disabled.token(), fresh.token());
    assertFalse(watch.look(fresh, LIMITS, 200));
    assertEquals(GatePhase.ENTERED, fresh.phase());
  }
}

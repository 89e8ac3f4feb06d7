// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.gate;

/**
 * One waiting thread's watch over whoever has the gate. It counts from its own first look at a
 * hold, so that entering the firmware needs no clock; a hold is given up on when its service's
 * limit has passed since then.
 *
 * <p>Used by one thread at a time. Nothing blocks or allocates.
 */
public final class WedgeWatch {
  private FirmwareGate watched;
  private long token = FirmwareGate.NOT_ACQUIRED;
  private long sinceNanos;
  private long limitNanos;

  /** A watch that has seen nothing yet. */
  public WedgeWatch() {}

  /**
   * Looks at the gate and gives up on its owner if it has been there too long.
   *
   * @param gate the gate
   * @param limits how long each target may take
   * @param nowNanos the time
   * @return true if this look wedged the gate
   */
  public boolean look(FirmwareGate gate, WedgeLimits limits, long nowNanos) {
    long seen = gate.word();
    if (!GateWord.taken(seen)) {
      token = FirmwareGate.NOT_ACQUIRED;
      return false;
    }
    // Every gate counts its tokens from 1: the same number at another gate is another hold.
    if (GateWord.token(seen) != token || watched != gate) {
      watched = gate;
      token = GateWord.token(seen);
      sinceNanos = nowNanos;
      limitNanos = limits.nanos(GateWord.target(seen));
    }
    return limitNanos != WedgeLimits.NONE
        && nowNanos - sinceNanos >= limitNanos
        && gate.wedge(token);
  }

  /**
   * How long to wait until the next look.
   *
   * @param atMostNanos longest wait
   * @param nowNanos the time of the last look
   * @return that, or what is left of the limit if it is less
   */
  public long nanosLeft(long atMostNanos, long nowNanos) {
    return token == FirmwareGate.NOT_ACQUIRED || limitNanos == WedgeLimits.NONE
        ? atMostNanos
        : Math.min(atMostNanos, limitNanos - (nowNanos - sinceNanos));
  }
}

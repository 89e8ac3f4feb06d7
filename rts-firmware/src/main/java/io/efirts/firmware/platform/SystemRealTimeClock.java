// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.platform;

/**
 * The host's clock in UTC plus an offset; setting it changes the offset, never the host's clock.
 * The offset lives as long as this object.
 */
public final class SystemRealTimeClock implements RealTimeClock {
  private static final long MILLIS_PER_SECOND = 1000;

  private long offsetMillis;

  /** A clock that shows the host's time. */
  public SystemRealTimeClock() {}

  @Override
  public long epochSecond() {
    return Math.floorDiv(System.currentTimeMillis() + offsetMillis, MILLIS_PER_SECOND);
  }

  @Override
  public void setEpochSecond(long epochSecond) {
    offsetMillis = epochSecond * MILLIS_PER_SECOND - System.currentTimeMillis();
  }
}

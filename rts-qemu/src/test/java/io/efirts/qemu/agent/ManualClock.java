// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.agent;

import io.efirts.api.spi.NanoClock;

/** A clock that stands still until a test moves it, on the thread that reads it. */
public final class ManualClock implements NanoClock {
  private long now;
  private int parks;

  /** Moves it. */
  public void advance(long nanos) {
    now += nanos;
  }

  /** How often a thread wanted to wait. */
  int parks() {
    return parks;
  }

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public void parkNanos(Object blocker, long nanos) {
    parks++;
    now += nanos;
  }
}

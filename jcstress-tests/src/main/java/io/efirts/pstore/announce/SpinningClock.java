// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.announce;

import io.efirts.api.spi.NanoClock;

/** The real time; waits by spinning, since a park takes longer than what the tests wait for. */
final class SpinningClock implements NanoClock {
  private static final int SPINS = 1000;

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public void parkNanos(Object blocker, long nanos) {
    for (int i = 0; i < SPINS; i++) {
      Thread.onSpinWait();
    }
  }
}

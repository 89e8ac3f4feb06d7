// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.junit.jupiter.api.Assertions.fail;

import io.efirts.testkit.Patience;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what another thread is bound to do, and fails if it does not. */
final class Eventually {
  private static final long LOOK_NANOS = 50_000;

  private Eventually() {}

  static void isTrue(String rule, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > Patience.LIMIT.toNanos()) {
        fail(rule + " within " + Patience.LIMIT);
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }
}

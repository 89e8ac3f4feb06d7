// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.stress;

import java.util.concurrent.locks.LockSupport;

/**
 * Tells whether somebody has unparked the current thread, when it is certain that all who could
 * have done so are through. A wake-up that was lost can be told from one that is late in this way
 * only: measured times tell of the machine's load.
 */
public final class ParkPermit {
  /** Far beyond any pause of the machine that could fall into a park that need not wait. */
  private static final long PATIENCE_NANOS = 500_000_000;

  private ParkPermit() {}

  /**
   * Takes the permit.
   *
   * @return false if there was none; then this took half a second
   */
  public static boolean take() {
    long start = System.nanoTime();
    LockSupport.parkNanos(PATIENCE_NANOS);
    return System.nanoTime() - start < PATIENCE_NANOS;
  }

  /** Takes the permit if there is one. */
  public static void drop() {
    LockSupport.parkNanos(1);
  }
}

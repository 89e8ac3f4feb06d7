// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.lockstep;

import java.util.concurrent.TimeUnit;

/**
 * Where one thread waits for its turn. Every opening lets it pass once; what the opener did before
 * is visible behind it.
 *
 * <p>Waits in a monitor: parking would use up the permits of the code under test. It does not spin
 * first, which on a machine with few processors keeps the very thread waiting that it waits for.
 */
final class Turnstile {
  private boolean open;

  synchronized void open() {
    open = true;
    notify();
  }

  synchronized void pass() throws InterruptedException {
    while (!open) {
      wait();
    }
    open = false;
  }

  /** Waits for a time; false if it has passed. */
  synchronized boolean pass(long timeoutNs) throws InterruptedException {
    long startNs = System.nanoTime();
    while (!open) {
      long leftNs = timeoutNs - (System.nanoTime() - startNs);
      if (leftNs <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, leftNs);
    }
    open = false;
    return true;
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.stress;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets two actors take their steps at the same moment. A race whose window is a few nanoseconds is
 * met once in many thousand tries when two threads merely run through the same list of states.
 *
 * <p>Bounded: an actor whose partner does not come in time goes on alone.
 */
public final class Meeting {
  private static final int PATIENCE = 20_000;

  private final AtomicInteger here = new AtomicInteger();

  /** Waits for the other actor, for a while. */
  public void arrive() {
    here.incrementAndGet();
    for (int i = 0; i < PATIENCE && here.get() < 2; i++) {
      Thread.onSpinWait();
    }
  }
}

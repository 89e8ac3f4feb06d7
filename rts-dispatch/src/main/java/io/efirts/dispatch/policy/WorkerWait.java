// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.policy;

/** How the worker waits for the next call. */
public enum WorkerWait {
  /** Spins for ever: shortest delay, and one processor for the worker alone. */
  BUSY_SPIN(Integer.MAX_VALUE),
  /**
   * Spins for some ten microseconds, since calls come in bursts and waking a parked thread costs
   * more than most calls, and then parks: an idle worker costs nothing.
   */
  ADAPTIVE(1_000),
  /** Parks at once: least work for the machine, and a wake-up for each call. */
  PARK(0);

  private final int spins;

  WorkerWait(int spins) {
    this.spins = spins;
  }

  /**
   * How often to look before parking.
   *
   * @return number of looks; {@link Integer#MAX_VALUE} for never parking
   */
  public int spins() {
    return spins;
  }
}

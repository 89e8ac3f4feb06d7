// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.lockstep;

import java.util.List;

/**
 * The order in which actors had their turns.
 *
 * @param seed what decided the order
 * @param turns the turns, unmodifiable
 */
public record Schedule(long seed, List<Turn> turns) {
  private static final int MOST_SHOWN = 200;

  /** Copies the turns. */
  public Schedule {
    turns = List.copyOf(turns);
  }

  /** The seed and the last 200 turns. */
  @Override
  public String toString() {
    int hidden = Math.max(0, turns.size() - MOST_SHOWN);
    return "seed="
        + seed
        + ", turns="
        + (hidden == 0 ? "" : hidden + " and ")
        + turns.subList(hidden, turns.size());
  }
}

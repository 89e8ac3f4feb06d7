// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.dispatch.mode.DispatcherMode;
import org.junit.jupiter.api.Test;

/** Every field of the gate's word changes alone and keeps its neighbours, at its limits too. */
class GateWordTest {
  private static final int TARGET = GateTarget.VENDOR;
  private static final long TOKEN_MAXIMUM = (1L << 48) - 1;

  @Test
  void aFreshWordIsFreeAndEmpty() {
    for (DispatcherMode mode : DispatcherMode.values()) {
      assertWord(GateWord.initial(mode), mode, false, false, GatePhase.FREE, GateOwner.NOBODY, 0);
    }
  }

  @Test
  void everyCombinationIsReadBack() {
    for (DispatcherMode mode : DispatcherMode.values()) {
      for (GateOwner owner : GateOwner.values()) {
        for (GatePhase phase : GatePhase.values()) {
          for (long token : new long[] {1, 2, TOKEN_MAXIMUM - 1, TOKEN_MAXIMUM}) {
            long word = GateWord.acquired(token - 1, owner, TARGET, phase);
            word = GateWord.withMode(word, mode);
            if (phase == GatePhase.FREE) {
              continue;
            }
            assertWord(word, mode, false, false, phase, owner, token);
            assertWord(GateWord.withWaiter(word), mode, true, false, phase, owner, token);
            assertWord(GateWord.withDamage(word), mode, false, true, phase, owner, token);
          }
        }
      }
    }
  }

  @Test
  void theTokenWrapsPastZeroAndIntoNothing() {
    long last = GateWord.withDamage(GateWord.initial(DispatcherMode.DRAINING) | TOKEN_MAXIMUM);
    long wrapped = GateWord.acquired(last, GateOwner.BYPASS, TARGET, GatePhase.HELD);
    assertWord(wrapped, DispatcherMode.DRAINING, false, true, GatePhase.HELD, GateOwner.BYPASS, 1);
  }

  @Test
  void acquiringTakesTheWaiterOutAndReleasingKeepsIt() {
    long waiting = GateWord.withWaiter(GateWord.initial(DispatcherMode.OPEN));
    long acquired = GateWord.acquired(waiting, GateOwner.WORKER, TARGET, GatePhase.ENTERED);
    assertFalse(GateWord.waiter(acquired));
    long released = GateWord.released(GateWord.withWaiter(acquired));
    assertWord(released, DispatcherMode.OPEN, true, false, GatePhase.FREE, GateOwner.NOBODY, 1);
    assertTrue(GateWord.free(released));
    assertFalse(GateWord.waiter(GateWord.withoutWaiter(released)));
  }

  @Test
  void modesReplaceEachOther() {
    long word = GateWord.acquired(0, GateOwner.RESET, TARGET, GatePhase.ENTERED);
    for (DispatcherMode from : DispatcherMode.values()) {
      for (DispatcherMode to : DispatcherMode.values()) {
        long changed = GateWord.withMode(GateWord.withMode(word, from), to);
        assertWord(changed, to, false, false, GatePhase.ENTERED, GateOwner.RESET, 1);
      }
    }
  }

  private static void assertWord(
      long word,
      DispatcherMode mode,
      boolean waiter,
      boolean damaged,
      GatePhase phase,
      GateOwner owner,
      long token) {
    assertEquals(mode, GateWord.mode(word));
    assertEquals(waiter, GateWord.waiter(word));
    assertEquals(damaged, GateWord.damaged(word));
    assertEquals(phase, GateWord.phase(word));
    assertEquals(phase == GatePhase.FREE, GateWord.free(word));
    assertEquals(owner, GateWord.owner(word));
    assertEquals(token, GateWord.token(word));
    assertEquals(phase == GatePhase.FREE ? GateTarget.NONE : TARGET, GateWord.target(word));
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PowerWordTest {
  private final PowerWord word = new PowerWord();

  @Test
  void aMachineStartsInUse() {
    assertEquals(PowerWord.IN_USE, state());
    assertFalse(word.tryUse());
    assertFalse(word.tryResume());
    assertFalse(word.tryPausing(word.get()));
  }

  @Test
  void eachStateLetsInWhomItShould() {
    word.end();
    assertFalse(word.tryResume());
    long seen = word.get();
    assertTrue(word.tryPausing(seen));
    assertEquals(PowerWord.PAUSING, state());
    assertFalse(word.tryUse());
    assertFalse(word.tryPausing(word.get()));
    assertTrue(word.tryPaused(seen));
    assertEquals(PowerWord.PAUSED, state());
    assertFalse(word.tryUse());
    assertFalse(word.tryPausing(word.get()));
    assertTrue(word.tryResume());
    assertEquals(PowerWord.IN_USE, state());
    word.giveUp();
    assertEquals(PowerWord.PAUSED, state());
    assertTrue(word.tryResume());
    word.end();
    assertTrue(word.tryUse());
    assertEquals(PowerWord.IN_USE, state());
  }

  @Test
  void aUserTakesAMachineThatIsBeingPaused() {
    word.end();
    long seen = word.get();
    assertTrue(word.tryPausing(seen));
    assertTrue(word.tryResume());
    assertEquals(PowerWord.IN_USE, state());
    assertFalse(word.tryPaused(seen));
    assertFalse(word.tryNotPaused(seen));
    word.end();
    assertFalse(word.tryPaused(seen));
    assertEquals(PowerWord.RUNNING, state());
  }

  @Test
  void aUseInBetweenForbidsThePause() {
    word.end();
    long seen = word.get();
    assertTrue(word.tryUse());
    word.end();
    assertEquals(PowerWord.RUNNING, state());
    assertNotEquals(seen, word.get());
    assertFalse(word.tryPausing(seen));
    assertTrue(word.tryPausing(word.get()));
  }

  @Test
  void onlyTheOwnerOfAStateLeavesIt() {
    assertFalse(word.tryPaused(word.get()));
    assertFalse(word.tryNotPaused(word.get()));
    word.end();
    IllegalStateException twice = assertThrows(IllegalStateException.class, word::end);
    assertEquals("machine's power state must be 1: state=0", twice.getMessage());
    assertThrows(IllegalStateException.class, word::giveUp);
    long seen = word.get();
    assertTrue(word.tryPausing(seen));
    assertThrows(IllegalStateException.class, word::end);
    assertTrue(word.tryNotPaused(seen));
    assertEquals(PowerWord.RUNNING, state());
  }

  private int state() {
    return PowerWord.state(word.get());
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Requests after one whose answer never came, or comes late. */
class AgentLinkGivenUpTest {
  private static final long LIMIT = 1_000_000_000L;

  private final FakeAgent guest = FakeAgent.announced(AgentArch.AARCH64);
  private final ManualClock clock = new ManualClock();
  private final FakeHost host = new FakeHost(/* interrupts= */ false);
  private final Agent agent = guest.agent(host, clock);
  private final AgentLink link = agent.link();
  private final RegisterFile ordinary = agent.registers(/* crash= */ false);
  private final RegisterFile crash = agent.registers(/* crash= */ true);

  @Test
  void aCallerIsRefusedAsLongAsTheCallBeforeHasNotEnded() {
    giveUp(ordinary);
    long given = guest.get("REQUEST");
    assertEquals(Ending.STUCK, link.call(ordinary, false, LIMIT));
    assertEquals(given, guest.get("REQUEST"), "nothing was published");
  }

  @Test
  void registersPreparedBeforeALateAnswerAreNotCalledWith() {
    giveUp(ordinary);
    // The next caller prepares, then the agent stores what it had, then the caller asks.
    guest.end("ENDING_RETURNED");
    long given = guest.get("REQUEST");
    assertEquals(Ending.STUCK, link.call(ordinary, false, LIMIT));
    assertEquals(given, guest.get("REQUEST"), "nothing was published");
    host.lookAlways(() -> guest.serve("ENDING_FAULT"));
    assertEquals(Ending.FAULT, link.call(ordinary, false, LIMIT));
  }

  @Test
  void theSameHoldsForTheCallsOfACrash() {
    giveUp(crash);
    long given = guest.get("REQUEST");
    assertEquals(Ending.STUCK, link.callInCrash(crash, LIMIT));
    assertEquals(given, guest.get("REQUEST"), "nothing was published");
    guest.end("ENDING_RETURNED");
    assertEquals(Ending.STUCK, link.callInCrash(crash, LIMIT));
    assertEquals(given, guest.get("REQUEST"), "nothing was published");
    host.lookAlways(() -> guest.serve("ENDING_FAULT"));
    assertEquals(Ending.FAULT, link.callInCrash(crash, LIMIT));
  }

  @Test
  void aCrashTriesAgainToUnwindWhatItHasGivenUp() {
    giveUp(crash);
    host.onUnwind(guest::interrupt);
    assertEquals(Ending.STUCK, link.callInCrash(crash, LIMIT));
    assertEquals(guest.get("REQUEST"), guest.get("RESPONSE"));
    host.lookAlways(() -> guest.serve("ENDING_RETURNED"));
    assertEquals(Ending.RETURNED, link.callInCrash(crash, LIMIT));
  }

  @Test
  void aRequestWordThatNobodyHereHasWrittenIsNoTakeover() {
    guest.put("REQUEST", 0x500);
    assertEquals(Ending.STUCK, link.call(ordinary, false, LIMIT));
  }

  private void giveUp(RegisterFile registers) {
    host.look(guest::begin).lookAlways(() -> clock.advance(LIMIT));
    assertEquals(
        Ending.STUCK,
        registers == crash
            ? link.callInCrash(registers, LIMIT)
            : link.call(registers, false, LIMIT));
  }
}

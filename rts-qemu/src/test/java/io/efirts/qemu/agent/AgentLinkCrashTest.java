// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A crash that takes over, wherever an ordinary caller is. */
class AgentLinkCrashTest {
  private static final long LIMIT = 1_000_000_000L;
  private static final long FOR_THE_CRASH = 1;

  private final FakeAgent guest = FakeAgent.announced(AgentArch.X86_64);
  private final ManualClock clock = new ManualClock();
  private final FakeHost host = new FakeHost(/* interrupts= */ true);
  private final Agent agent = guest.agent(host, clock);
  private final AgentLink link = agent.link();
  private final RegisterFile ordinary = agent.registers(/* crash= */ false);
  private final RegisterFile crash = agent.registers(/* crash= */ true);
  private Ending crashEnding;

  @AfterEach
  void everyUseIsOver() {
    assertEquals(host.uses(), host.endedUses());
    assertEquals(0, host.looksLeft());
  }

  private void callInCrash() {
    crashEnding = link.callInCrash(crash, LIMIT);
  }

  private void assertTheLastRequestIsTheCrashs() {
    assertEquals(FOR_THE_CRASH, guest.get("REQUEST") & 0xFF);
  }

  @Test
  void aCrashWithNothingInsideJustCalls() {
    host.look(
        () -> {
          guest.begin();
          assertEquals(crash.address(), guest.slot("REGISTERS"));
          assertNotEquals(0, guest.slot("FLAGS"));
          guest.end("ENDING_RETURNED");
        });
    callInCrash();
    assertEquals(Ending.RETURNED, crashEnding);
    assertEquals(0, host.unwinds());
    assertEquals(0, host.uses(), "a crash does not wait for the power word");
    assertTheLastRequestIsTheCrashs();
  }

  @Test
  void aCrashCallsAgainAndAgain() {
    for (String answer : new String[] {"ENDING_RETURNED", "ENDING_FAULT", "ENDING_RETURNED"}) {
      host.look(() -> guest.serve(answer));
      callInCrash();
      assertEquals(answer.equals("ENDING_FAULT") ? Ending.FAULT : Ending.RETURNED, crashEnding);
    }
  }

  @Test
  void aCallThatIsInsideIsUnwoundFirst() {
    host.onUnwind(guest::interrupt);
    host.look(guest::begin, this::callInCrash, () -> guest.serve("ENDING_RETURNED"));
    assertEquals(Ending.TAKEN_OVER, link.call(ordinary, false, LIMIT));
    assertEquals(Ending.RETURNED, crashEnding);
    assertEquals(1, host.crashUnwinds());
    assertTheLastRequestIsTheCrashs();
  }

  @Test
  void aCallThatEndsByItselfMeanwhileLeavesAnInterruptThatIsWaitedFor() {
    host.onUnwind(() -> guest.end("ENDING_RETURNED"));
    host.look(
        guest::begin,
        this::callInCrash,
        () -> {},
        guest::interrupt,
        () -> {
          assertEquals(1, guest.get("LATE_INTERRUPTS"));
          guest.serve("ENDING_RETURNED");
        });
    assertEquals(Ending.TAKEN_OVER, link.call(ordinary, false, LIMIT));
    assertEquals(Ending.RETURNED, crashEnding);
  }

  @Test
  void aCallerThatWasStoppedBeforeItPublishedDoesNotDoSoAfterwards() {
    host.onBegin(this::callInCrash).look(() -> guest.serve("ENDING_RETURNED"));
    assertEquals(Ending.TAKEN_OVER, link.call(ordinary, false, LIMIT));
    assertEquals(Ending.RETURNED, crashEnding);
    assertTheLastRequestIsTheCrashs();
  }

  @Test
  void nobodyCallsAfterACrash() {
    host.look(() -> guest.serve("ENDING_RETURNED"));
    callInCrash();
    assertEquals(Ending.TAKEN_OVER, link.call(ordinary, false, LIMIT));
    assertEquals(Ending.TAKEN_OVER, link.copy(0, 0, 0));
    assertTheLastRequestIsTheCrashs();
  }

  @Test
  void aCallerThatSeesTheTakeoverAtItsLimitDoesNotUnwind() {
    host.onSeize(() -> clock.advance(LIMIT + 1)).cannotSeize();
    host.look(
        () -> {
          guest.begin();
          callInCrash();
        },
        () -> {});
    host.lookAlways(() -> {});
    assertEquals(Ending.TAKEN_OVER, link.call(ordinary, false, LIMIT));
    assertEquals(Ending.STUCK, crashEnding);
    assertEquals(0, host.unwinds());
  }

  @Test
  void aMachineThatCannotBeSeizedIsStuckOrLost() {
    host.cannotSeize().look(() -> {});
    callInCrash();
    assertEquals(Ending.STUCK, crashEnding);
    host.look(host::die);
    callInCrash();
    assertEquals(Ending.MACHINE_LOST, crashEnding);
    assertEquals(0, guest.get("REQUEST"));
  }

  @Test
  void aCallThatCannotBeUnwoundKeepsTheCrashOut() {
    host.cannotUnwind();
    host.look(guest::begin, this::callInCrash).lookAlways(() -> clock.advance(LIMIT));
    assertEquals(Ending.TAKEN_OVER, link.call(ordinary, false, 10 * LIMIT));
    assertEquals(Ending.STUCK, crashEnding);
    assertEquals(0, guest.get("REQUEST") & 0xFF);
  }

  @Test
  void aMachineThatEndsWhileTheCallInsideIsUnwoundIsLost() {
    host.onUnwind(host::die);
    host.look(guest::begin, this::callInCrash).lookAlways(() -> {});
    link.call(ordinary, false, LIMIT);
    assertEquals(Ending.MACHINE_LOST, crashEnding);
  }

  @Test
  void aCallOfTheCrashIsUnwoundAtItsLimit() {
    host.onUnwind(guest::interrupt);
    host.look(
        () -> {
          guest.begin();
          clock.advance(LIMIT + 1);
        });
    callInCrash();
    assertEquals(Ending.UNWOUND, crashEnding);
    assertEquals(1, host.crashUnwinds());
  }

  @Test
  void anAgentThatHasFaultedIsStuckInTheCrashToo() {
    host.look(guest::begin, guest::fault);
    assertEquals(Ending.STUCK, link.call(ordinary, false, LIMIT));
    host.lookAlways(() -> clock.advance(LIMIT));
    callInCrash();
    assertEquals(Ending.STUCK, crashEnding);
  }

  @Test
  void aCrashThatCallsAnAgentWhichHasFaultedEndsEachTime() {
    host.look(guest::begin, guest::fault);
    assertEquals(Ending.STUCK, link.call(ordinary, false, LIMIT));
    for (int i = 0; i < 3; i++) {
      callInCrash();
      assertEquals(Ending.STUCK, crashEnding);
    }
  }

  /** Firmware can write to the mailbox. */
  @Test
  void aCallThatHangsAndPretendsThatTheAgentHasFaultedKeepsTheCrashOut() {
    guest.put("AGENT_FAULT", 1);
    assertEquals(Ending.STUCK, link.call(ordinary, false, LIMIT));
    callInCrash();
    assertEquals(Ending.STUCK, crashEnding);
  }

  @Test
  void aCrashThatSeesNoProgressSeizesAgain() {
    int[] seizures = new int[1];
    host.onSeize(() -> seizures[0]++);
    host.lookAlways(() -> clock.advance(LIMIT / 4096));
    callInCrash();
    assertEquals(Ending.STUCK, crashEnding);
    assertTrue(seizures[0] > 2, () -> "seizures=" + seizures[0]);
  }

  @Test
  void aRequestWordThatFirmwareOverwroteDoesNotEndTheCrash() {
    guest.put("REQUEST", 0x1234_5678_9ABC_DEFFL);
    host.onUnwind(() -> guest.serve("ENDING_UNKNOWN_OPERATION"));
    host.look(guest::interrupt, () -> guest.serve("ENDING_RETURNED"));
    callInCrash();
    assertEquals(Ending.RETURNED, crashEnding);
  }
}

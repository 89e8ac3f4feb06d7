// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests of ordinary callers. */
class AgentLinkTest {
  private static final long LIMIT = 1_000_000_000L;

  private final FakeAgent guest = FakeAgent.announced(AgentArch.X86_64);
  private final ManualClock clock = new ManualClock();
  private final FakeHost host = new FakeHost(/* interrupts= */ true);
  private final Agent agent = guest.agent(host, clock);
  private final AgentLink link = agent.link();
  private final RegisterFile registers = agent.registers(/* crash= */ false);

  @AfterEach
  void everyUseIsOver() {
    assertEquals(host.uses(), host.endedUses());
    assertEquals(0, host.looksLeft());
  }

  @ParameterizedTest
  @CsvSource({
    "ENDING_RETURNED, RETURNED",
    "ENDING_FAULT, FAULT",
    "ENDING_UNWOUND, UNWOUND",
    "ENDING_UNKNOWN_OPERATION, STUCK"
  })
  void aCallEndsAsTheAgentSays(String answer, Ending ending) {
    host.look(() -> guest.serve(answer));
    assertEquals(ending, link.call(registers, false, LIMIT));
    assertEquals(1, host.uses());
    assertEquals(0, host.unwinds());
  }

  /** It may have been stopped by a housekeeper that is stopped itself. */
  @Test
  void aCallThatSeesNoProgressLetsTheProcessorGoOn() {
    host.onKeepRunning(() -> guest.serve("ENDING_RETURNED"));
    host.lookAlways(() -> clock.advance(LIMIT / 4096));
    assertEquals(Ending.RETURNED, link.call(registers, false, LIMIT));
    assertEquals(0, host.unwinds());
  }

  @Test
  void theAgentFindsTheCallInTheSlotAndTheHostItsRegistersAfterwards() {
    registers.set(guest.header().get("REG_RCX"), 42);
    host.look(
        () -> {
          guest.begin();
          assertEquals(guest.header().get("OPERATION_CALL"), guest.slot("OPERATION"));
          assertEquals(registers.address(), guest.slot("REGISTERS"));
          assertEquals(0, guest.slot("FLAGS"));
          assertEquals(42, guest.register("REG_RCX"));
          assertTrue(agent.isInside());
          guest.register("REG_RAX", 7);
          guest.end("ENDING_RETURNED");
        });
    assertEquals(Ending.RETURNED, link.call(registers, false, LIMIT));
    assertEquals(7, registers.get(guest.header().get("REG_RAX")));
    assertFalse(agent.isInside());
  }

  @Test
  void floatingPointIsLoadedAndStoredIfThatIsAskedFor() {
    long both = guest.header().get("FLAG_LOAD_FP") | guest.header().get("FLAG_SAVE_FP");
    host.look(
        () -> {
          guest.begin();
          assertEquals(both, guest.slot("FLAGS"));
          guest.end("ENDING_RETURNED");
        });
    assertEquals(Ending.RETURNED, link.call(registers, true, LIMIT));
  }

  @Test
  void aCopyTellsFromWhereToWhereAndHowMuch() {
    host.look(
        () -> {
          guest.begin();
          assertEquals(guest.header().get("OPERATION_COPY"), guest.slot("OPERATION"));
          assertEquals(0x1000, guest.slot("TARGET"));
          assertEquals(0x2000, guest.slot("SOURCE"));
          assertEquals(0x30, guest.slot("LENGTH"));
          assertFalse(agent.isInside());
          guest.end("ENDING_RETURNED");
        });
    assertEquals(Ending.RETURNED, link.copy(0x1000, 0x2000, 0x30));
  }

  @Test
  void registersAreReadAndWrittenWhereTheyLie() {
    RegisterFile found = agent.foundRegisters();
    host.look(() -> expect("OPERATION_READ", found), () -> expect("OPERATION_WRITE", found));
    assertEquals(Ending.RETURNED, link.readRegisters(found));
    assertEquals(Ending.RETURNED, link.writeRegisters(found));
  }

  private void expect(String operation, RegisterFile file) {
    guest.begin();
    assertEquals(guest.header().get(operation), guest.slot("OPERATION"));
    assertEquals(file.address(), guest.slot("REGISTERS"));
    guest.end("ENDING_RETURNED");
  }

  @Test
  void everyRequestHasItsOwnNumber() {
    long before = guest.get("REQUEST");
    for (int i = 1; i <= 3; i++) {
      host.look(() -> guest.serve("ENDING_RETURNED"));
      link.call(registers, false, LIMIT);
      assertEquals(before + i * 0x100L, guest.get("REQUEST"));
    }
  }

  @Test
  void aLinkGoesOnWhereARestoredMachineWas() {
    host.look(() -> guest.serve("ENDING_RETURNED"));
    link.call(registers, false, LIMIT);
    AgentLink second = guest.agent(host, clock).link();
    host.look(() -> guest.serve("ENDING_FAULT"));
    assertEquals(Ending.FAULT, second.call(registers, false, LIMIT));
  }

  @Test
  void aCallIsUnwoundAtItsLimitAndNotBefore() {
    host.look(
        () -> {
          guest.begin();
          clock.advance(LIMIT);
        },
        () -> clock.advance(1));
    host.onUnwind(guest::interrupt);
    assertEquals(Ending.UNWOUND, link.call(registers, false, LIMIT));
    assertEquals(1, host.unwinds());
    assertEquals(0, host.crashUnwinds());
    assertEquals(0, guest.get("LATE_INTERRUPTS"));
  }

  @Test
  void anInterruptThatComesTooLateIsWaitedFor() {
    host.look(
        () -> {
          guest.begin();
          clock.advance(LIMIT + 1);
        });
    host.onUnwind(() -> guest.end("ENDING_RETURNED"));
    host.look(() -> {}, guest::interrupt);
    assertEquals(Ending.RETURNED, link.call(registers, false, LIMIT));
    assertEquals(1, guest.get("LATE_INTERRUPTS"));
  }

  @Test
  void anInterruptThatNeverComesIsNotWaitedForWithoutLimit() {
    host.look(
        () -> {
          guest.begin();
          clock.advance(LIMIT + 1);
        },
        () -> clock.advance(3 * LIMIT));
    host.onUnwind(() -> guest.end("ENDING_FAULT"));
    assertEquals(Ending.FAULT, link.call(registers, false, LIMIT));
  }

  @Test
  void aDebuggerLeavesNothingBehindThatIsWaitedFor() {
    FakeHost debugged = new FakeHost(/* interrupts= */ false);
    AgentLink other = guest.agent(debugged, clock).link();
    debugged.look(
        () -> {
          guest.begin();
          clock.advance(LIMIT + 1);
        });
    debugged.onUnwind(() -> guest.end("ENDING_RETURNED"));
    assertEquals(Ending.RETURNED, other.call(registers, false, LIMIT));
  }

  @Test
  void anAgentThatDoesNotAnswerTheInterruptIsStuck() {
    host.lookAlways(() -> clock.advance(LIMIT));
    assertEquals(Ending.STUCK, link.call(registers, false, LIMIT));
    assertEquals(1, host.unwinds());
  }

  @Test
  void aCallThatCannotBeUnwoundIsStuck() {
    host.cannotUnwind().lookAlways(() -> clock.advance(LIMIT + 1));
    assertEquals(Ending.STUCK, link.call(registers, false, LIMIT));
  }

  @Test
  void aMachineThatCannotRunIsStuckAndOneThatHasEndedIsLost() {
    host.cannotBegin().look(() -> {});
    assertEquals(Ending.STUCK, link.call(registers, false, LIMIT));
    host.look(host::die);
    assertEquals(Ending.MACHINE_LOST, link.call(registers, false, LIMIT));
    assertEquals(0, guest.get("REQUEST"), "nothing was asked for");
  }

  @Test
  void aMachineThatEndsDuringACallIsLost() {
    host.look(guest::begin, host::die);
    assertEquals(Ending.MACHINE_LOST, link.call(registers, false, LIMIT));
  }

  @Test
  void anAnswerCountsAlsoIfTheMachineEndsAfterIt() {
    host.look(
        () -> {
          guest.serve("ENDING_FAULT");
          host.die();
        });
    assertEquals(Ending.FAULT, link.call(registers, false, LIMIT));
  }

  @Test
  void aMachineThatEndsWhileACallIsUnwoundIsLost() {
    host.look(
        () -> {
          guest.begin();
          clock.advance(LIMIT + 1);
        });
    host.lookAlways(() -> {}).cannotUnwind().onUnwind(host::die);
    assertEquals(Ending.MACHINE_LOST, link.call(registers, false, LIMIT));
  }

  @Test
  void anAgentThatFaultsItselfIsStuck() {
    host.look(
        () -> {
          guest.begin();
          guest.fault();
        });
    assertEquals(Ending.STUCK, link.call(registers, false, LIMIT));
  }

  @Test
  void aLongCallIsWaitedForByParking() {
    host.look(
        guest::begin,
        () -> clock.advance(99_000),
        () -> {
          assertEquals(0, clock.parks());
          clock.advance(2_000);
        },
        () -> {
          assertEquals(1, clock.parks());
          guest.end("ENDING_RETURNED");
        });
    assertEquals(Ending.RETURNED, link.call(registers, false, LIMIT));
  }

  @Test
  void anInterruptOfTheThreadIsKept() {
    host.look(guest::begin, () -> clock.advance(200_000), () -> guest.end("ENDING_RETURNED"));
    Thread.currentThread().interrupt();
    assertEquals(Ending.RETURNED, link.call(registers, false, LIMIT));
    assertTrue(Thread.interrupted());
  }
}

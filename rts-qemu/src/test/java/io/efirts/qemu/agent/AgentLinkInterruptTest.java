// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Interrupts that come too early, too late, or twice. */
class AgentLinkInterruptTest {
  private static final long LIMIT = 1_000_000_000L;

  private final FakeAgent guest = FakeAgent.announced(AgentArch.X86_64);
  private final ManualClock clock = new ManualClock();
  private final FakeHost host = new FakeHost(/* interrupts= */ true);
  private final Agent agent = guest.agent(host, clock);
  private final AgentLink link = agent.link();
  private final RegisterFile ordinary = agent.registers(/* crash= */ false);
  private final RegisterFile crash = agent.registers(/* crash= */ true);
  private Ending crashEnding;

  private void callInCrash() {
    crashEnding = link.callInCrash(crash, LIMIT);
  }

  @Test
  void aCallThatWasPublishedButHasNotBegunIsUnwoundOnceItHas() {
    int[] tries = new int[1];
    host.onUnwind(
        () -> {
          guest.interrupt();
          if (tries[0]++ == 0) {
            guest.begin();
          }
        });
    host.look(this::callInCrash).lookAlways(() -> step(tries));
    assertEquals(Ending.TAKEN_OVER, link.call(ordinary, false, 10 * LIMIT));
    assertEquals(Ending.RETURNED, crashEnding);
    assertEquals(2, tries[0]);
  }

  /** Time passes; the call of the crash is served, the one before it hangs. */
  private void step(int[] tries) {
    clock.advance(20_000_000);
    if (tries[0] > 1 && guest.get("REQUEST") != guest.get("RESPONSE")) {
      guest.serve("ENDING_RETURNED");
    }
  }

  @Test
  void aCallIsNotEndedByWhatWasMeantForTheOneBefore() {
    // The caller's own interrupt is on its way when the crash sends its one.
    host.onUnwind(
        () -> {
          if (host.unwinds() == 1) {
            callInCrash();
          } else {
            guest.interrupt();
          }
        });
    host.look(
        () -> {
          guest.begin();
          clock.advance(LIMIT + 1);
        },
        () -> {
          assertEquals(0, guest.get("REQUEST") & 0xFF, "the crash waits for it");
          guest.interrupt();
        },
        () -> guest.serve("ENDING_RETURNED"));
    link.call(ordinary, false, LIMIT);
    assertEquals(Ending.RETURNED, crashEnding);
    assertEquals(1, guest.get("LATE_INTERRUPTS"));
  }

  @Test
  void anInterruptOnItsWayIsWaitedForAlsoIfTheCallHasEnded() {
    host.onUnwind(
        () -> {
          guest.end("ENDING_RETURNED");
          callInCrash();
        });
    host.look(
        () -> {
          guest.begin();
          clock.advance(LIMIT + 1);
        },
        () -> {
          assertEquals(0, guest.get("REQUEST") & 0xFF, "the crash waits for it");
          guest.interrupt();
        },
        () -> guest.serve("ENDING_RETURNED"));
    link.call(ordinary, false, LIMIT);
    assertEquals(Ending.RETURNED, crashEnding);
    host.look(() -> guest.serve("ENDING_RETURNED"));
    callInCrash();
    assertEquals(Ending.RETURNED, crashEnding, "and once only");
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The housekeeper's steps are made by the test itself; its thread is not started. */
class MachinePowerTest {
  private static final long LIMIT = 5_000_000_000L;

  private final RecordingSwitch machine = new RecordingSwitch();
  private final MachinePower power = new MachinePower(machine, 1, "unused");

  @Test
  void aUseOfARunningMachineAsksQemuNothing() {
    power.end();
    assertTrue(power.begin());
    power.end();
    assertTrue(power.begin());
    assertEquals(List.of(), machine.calls);
  }

  @Test
  void aUseOfARunningMachineAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long self = Thread.currentThread().threadId();
    power.end();
    power.begin();
    long before = threads.getThreadAllocatedBytes(self);
    int uses = 1000;
    for (int i = 0; i < uses; i++) {
      power.end();
      power.begin();
    }
    long allocated = threads.getThreadAllocatedBytes(self) - before;
    // Less than one byte a use: none allocated an object. The JVM may, once, on its own account.
    assertTrue(allocated < uses, () -> "bytes=" + allocated);
  }

  @Test
  void anUnusedMachineIsStoppedAndTheNextUseLetsItRun() {
    power.end();
    assertTrue(pause());
    assertFalse(pause(), "once");
    assertTrue(power.begin());
    assertFalse(pause(), "in use");
    power.end();
    assertTrue(pause());
    assertEquals(List.of("stop", "drain", "user resume", "stop", "drain"), machine.calls);
  }

  @Test
  void aUseSinceTheLookForbidsThePause() {
    power.end();
    long seen = power.seen();
    assertTrue(power.begin());
    power.end();
    assertFalse(power.pauseIfUnchanged(seen, LIMIT));
    assertEquals(List.of(), machine.calls);
  }

  /** I-18 too: the housekeeper may be stopped for good just there. */
  @Test
  void aUseThatMeetsAPauseTakesTheMachineAndTheStopIsTakenBack() {
    power.end();
    machine.onStop = () -> assertTrue(power.begin());
    assertFalse(pause());
    assertEquals(List.of("stop", "user resume", "resume"), machine.calls);
    machine.onStop = () -> {};
    assertFalse(pause(), "in use");
    power.end();
    assertTrue(pause());
  }

  @Test
  void aUserCanLetTheMachineGoOnWhileAPauseItHasMetIsNotOver() {
    power.end();
    machine.onStop =
        () -> {
          assertTrue(power.begin());
          power.keepRunning();
        };
    assertFalse(pause());
    assertEquals(List.of("stop", "user resume", "user resume", "resume"), machine.calls);
    power.keepRunning();
    assertEquals(4, machine.calls.size(), "it is over");
  }

  /** Otherwise the stop would be taken back in the middle of what it tells the machine. */
  @Test
  void whoWillTellTheMachineMoreWaitsUntilAPauseIsOver() {
    power.end();
    machine.onStop = () -> assertFalse(power.beginAnswered(System.nanoTime() + 1_000_000));
    assertFalse(pause());
    machine.onStop =
        () -> {
          assertTrue(power.begin());
          power.end();
          assertFalse(power.beginAnswered(System.nanoTime() + 1_000_000), "one has used it since");
        };
    assertTrue(power.begin());
    power.end();
    assertFalse(pause());
    assertTrue(power.beginAnswered(later()));
  }

  @Test
  void aMachineThatCannotBeLetRunIsReportedAndTriedAgain() {
    power.end();
    assertTrue(pause());
    machine.failure = new MachineException("no");
    assertFalse(power.begin());
    assertFalse(power.beginAnswered(later()));
    assertSame(machine.failure, power.failure().orElseThrow());
    machine.failure = null;
    assertTrue(power.begin());
  }

  @Test
  void whoWillTellTheMachineMoreWaitsForItsAnswer() {
    power.end();
    assertTrue(pause());
    assertTrue(power.beginAnswered(later()));
    assertEquals(List.of("stop", "drain", "resume"), machine.calls);
  }

  /** A panic may find the machine paused: no lock, no memory, no answer that is waited for. */
  @Test
  void aUseAfterAPauseAllocatesNothingOfItsOwn() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long self = Thread.currentThread().threadId();
    machine.recording = false;
    int uses = 1000;
    long allocated = 0;
    for (int i = 0; i < uses; i++) {
      power.end();
      assertTrue(pause());
      long before = threads.getThreadAllocatedBytes(self);
      power.begin();
      allocated += threads.getThreadAllocatedBytes(self) - before;
    }
    long bytes = allocated;
    assertTrue(bytes < uses, () -> "bytes=" + bytes);
  }

  @Test
  void aStopWithoutAnAnswerCountsAsAPause() {
    power.end();
    machine.failure = new MachineException("no");
    assertTrue(pause());
    machine.failure = null;
    assertTrue(power.begin());
    assertEquals(List.of("stop", "drain", "user resume"), machine.calls);
  }

  @Test
  void aSecondUserIsMisuse() {
    IllegalStateException refused = assertThrows(IllegalStateException.class, () -> power.begin());
    assertEquals("machine must not be in use: uses=0", refused.getMessage());
  }

  @Test
  void nobodyUsesAMachineThatEnded() {
    power.end();
    assertTrue(pause());
    machine.alive = false;
    assertFalse(power.begin());
    assertFalse(power.pausable());
  }

  @Test
  void aSeizedMachineIsNotPaused() {
    power.end();
    assertTrue(power.seize());
    assertFalse(pause());
    assertFalse(power.pausable());
    assertEquals(List.of("crash resume"), machine.calls);
    assertTrue(power.begin(), "it runs");
  }

  @Test
  void aSeizureOfAPausedMachineLetsItRun() {
    power.end();
    assertTrue(pause());
    assertTrue(power.seize());
    assertTrue(power.seize(), "any number of times");
    assertEquals(List.of("stop", "drain", "crash resume", "crash resume"), machine.calls);
  }

  @Test
  void aStopThatASeizureMetIsTakenBack() {
    power.end();
    machine.onStop = power::seize;
    assertFalse(pause());
    assertEquals(List.of("stop", "crash resume", "resume"), machine.calls);
    assertTrue(power.begin(), "it runs");
  }

  @Test
  void aLogThatCannotBeKeptShortIsReported() {
    machine.failure = new MachineException("no");
    power.tidy();
    assertEquals(List.of("tidy"), machine.calls);
    assertSame(machine.failure, power.failure().orElseThrow());
  }

  @Test
  void theEndOfAnInterruptedUseDoesNotUndoASeizure() {
    assertTrue(power.seize());
    power.end();
    assertFalse(pause());
  }

  private boolean pause() {
    return power.pauseIfUnchanged(power.seen(), LIMIT);
  }

  private static long later() {
    return System.nanoTime() + LIMIT;
  }
}

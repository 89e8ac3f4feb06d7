// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.spec.RuntimeService;
import io.efirts.dispatch.mode.DispatcherMode;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every step of the gate, every step it refuses, and that at most one is inside (I-1). */
@Timeout(60)
class FirmwareGateTest {
  private static final int TARGET = GateTarget.of(RuntimeService.SET_VARIABLE);

  private static final long NOT_ACQUIRED = FirmwareGate.NOT_ACQUIRED;

  private final FirmwareGate gate = new FirmwareGate();

  @Test
  void aDirectPathHoldsEntersLeavesAndReleases() {
    long token = gate.tryAcquire(TARGET);
    assertNotEquals(NOT_ACQUIRED, token);
    assertGate(GatePhase.HELD, GateOwner.BYPASS);
    assertTrue(gate.enter(token));
    assertGate(GatePhase.ENTERED, GateOwner.BYPASS);
    assertTrue(gate.exit(token));
    assertGate(GatePhase.HELD, GateOwner.BYPASS);
    assertTrue(gate.enter(token), "two calls can be made in one hold");
    assertTrue(gate.exit(token));
    assertTrue(gate.release(token));
    assertGate(GatePhase.FREE, GateOwner.NOBODY);
  }

  @Test
  void theWorkerEntersInOneStep() {
    long token = gate.tryAcquireAsWorker(TARGET);
    assertGate(GatePhase.ENTERED, GateOwner.WORKER);
    assertFalse(gate.enter(token), "it is inside already");
    assertTrue(gate.release(token));
    assertGate(GatePhase.FREE, GateOwner.NOBODY);
  }

  @Test
  void aTakenGateIsRefusedInEveryPhase() {
    long token = gate.tryAcquireForReset(TARGET);
    assertEquals(NOT_ACQUIRED, gate.tryAcquire(TARGET));
    assertEquals(NOT_ACQUIRED, gate.tryAcquireAsWorker(TARGET));
    gate.enter(token);
    assertEquals(NOT_ACQUIRED, gate.tryAcquire(TARGET));
    assertEquals(NOT_ACQUIRED, gate.tryAcquireForReset(TARGET));
    assertEquals(NOT_ACQUIRED, gate.tryAcquireAsWorker(TARGET));
    assertGate(GatePhase.ENTERED, GateOwner.RESET);
  }

  @Test
  void onlyTheRightPhaseCanBeLeft() {
    long token = gate.tryAcquire(TARGET);
    assertFalse(gate.exit(token));
    gate.enter(token);
    assertFalse(gate.enter(token));
    assertTrue(gate.release(token), "an owner that did not get to leaving still releases");
    assertFalse(gate.exit(token));
    assertFalse(gate.enter(token));
    assertFalse(gate.release(token));
    assertGate(GatePhase.FREE, GateOwner.NOBODY);
  }

  @Test
  void aStaleTokenChangesNothing() {
    long stale = gate.tryAcquire(TARGET);
    gate.release(stale);
    long token = gate.tryAcquireForReset(TARGET);
    assertNotEquals(stale, token);
    assertFalse(gate.enter(stale));
    assertFalse(gate.exit(stale));
    assertFalse(gate.release(stale));
    assertGate(GatePhase.HELD, GateOwner.RESET);
    assertTrue(gate.enter(token));
    assertFalse(gate.exit(stale));
    assertFalse(gate.release(stale));
    assertGate(GatePhase.ENTERED, GateOwner.RESET);
  }

  @Test
  void aWaitingWorkerIsNext() {
    long direct = gate.tryAcquire(TARGET);
    assertEquals(NOT_ACQUIRED, gate.tryAcquireAsWorker(TARGET));
    gate.release(direct);
    assertEquals(NOT_ACQUIRED, gate.tryAcquire(TARGET));
    long worker = gate.tryAcquireAsWorker(TARGET);
    assertNotEquals(NOT_ACQUIRED, worker);
    gate.release(worker);
    assertNotEquals(NOT_ACQUIRED, gate.tryAcquire(TARGET), "the turn is over");
  }

  @Test
  void aWorkerThatGivesUpLetsOthersIn() {
    long direct = gate.tryAcquire(TARGET);
    gate.tryAcquireAsWorker(TARGET);
    gate.withdrawWaiter();
    assertGate(GatePhase.HELD, GateOwner.BYPASS);
    gate.release(direct);
    assertNotEquals(NOT_ACQUIRED, gate.tryAcquire(TARGET));
    gate.withdrawWaiter();
    assertGate(GatePhase.HELD, GateOwner.BYPASS);
  }

  @Test
  void modesDecideWhoIsAcceptedAndWhoIsStillServed() {
    assertTrue(gate.changeMode(DispatcherMode.OPEN, DispatcherMode.DRAINING));
    assertEquals(NOT_ACQUIRED, gate.tryAcquire(TARGET));
    long worker = gate.tryAcquireAsWorker(TARGET);
    assertNotEquals(NOT_ACQUIRED, worker, "what was accepted is still made");
    gate.release(worker);
    for (DispatcherMode mode :
        new DispatcherMode[] {DispatcherMode.DISABLED, DispatcherMode.CLOSED}) {
      assertTrue(gate.changeMode(gate.mode(), mode));
      assertEquals(NOT_ACQUIRED, gate.tryAcquire(TARGET));
      assertEquals(NOT_ACQUIRED, gate.tryAcquireAsWorker(TARGET));
    }
  }

  @Test
  void aModeChangesFromWhereItIsOnly() {
    assertFalse(gate.changeMode(DispatcherMode.DRAINING, DispatcherMode.CLOSED));
    assertEquals(DispatcherMode.OPEN, gate.mode());
    assertTrue(gate.changeMode(DispatcherMode.OPEN, DispatcherMode.CLOSED));
    assertEquals(DispatcherMode.CLOSED, gate.mode());
  }

  /** I-9: who holds the gate when the services are disabled does not enter any more. */
  @Test
  void aHolderDoesNotEnterOnceTheModeForbidsIt() {
    long token = gate.tryAcquire(TARGET);
    gate.changeMode(DispatcherMode.OPEN, DispatcherMode.CLOSED);
    assertFalse(gate.enter(token));
    assertGate(GatePhase.HELD, GateOwner.BYPASS);
    assertTrue(gate.release(token), "the gate is freed all the same (I-10)");
  }

  @Test
  void aHolderEntersWhileDraining() {
    long token = gate.tryAcquire(TARGET);
    gate.changeMode(DispatcherMode.OPEN, DispatcherMode.DRAINING);
    assertTrue(gate.enter(token));
    assertTrue(gate.exit(token));
    assertTrue(gate.release(token));
  }

  @Test
  void damageEndsTheServicesAndStays() {
    assertDamage(DispatcherMode.OPEN, DispatcherMode.DISABLED);
    assertDamage(DispatcherMode.DISABLED, DispatcherMode.DISABLED);
    assertDamage(DispatcherMode.DRAINING, DispatcherMode.CLOSED);
    assertDamage(DispatcherMode.CLOSED, DispatcherMode.CLOSED);
  }

  private static void assertDamage(DispatcherMode from, DispatcherMode to) {
    FirmwareGate gate = new FirmwareGate();
    long token = gate.tryAcquireAsWorker(TARGET);
    gate.changeMode(DispatcherMode.OPEN, from);
    assertFalse(gate.isDamaged());
    gate.damaged();
    assertTrue(gate.isDamaged());
    assertEquals(to, gate.mode());
    assertEquals(GatePhase.ENTERED, gate.phase());
    assertTrue(gate.release(token));
    assertTrue(gate.isDamaged());
    assertEquals(NOT_ACQUIRED, gate.tryAcquire(TARGET));
    assertEquals(NOT_ACQUIRED, gate.tryAcquireAsWorker(TARGET));
  }

  /** I-1. */
  @Test
  void contendersNeverHoldItTogether() throws InterruptedException {
    AtomicInteger holders = new AtomicInteger();
    AtomicInteger violations = new AtomicInteger();
    int rounds = 50_000;
    CountDownLatch start = new CountDownLatch(1);
    Thread[] contenders = new Thread[4];
    for (int i = 0; i < contenders.length; i++) {
      boolean worker = i == 0;
      contenders[i] =
          Thread.ofPlatform()
              .daemon(true)
              .start(
                  () -> {
                    awaitUninterrupted(start);
                    for (int done = 0; done < rounds; ) {
                      long token =
                          worker ? gate.tryAcquireAsWorker(TARGET) : gate.tryAcquire(TARGET);
                      if (token == NOT_ACQUIRED) {
                        Thread.onSpinWait();
                        continue;
                      }
                      if (holders.incrementAndGet() != 1) {
                        violations.incrementAndGet();
                      }
                      holders.decrementAndGet();
                      if (!gate.release(token)) {
                        violations.incrementAndGet();
                      }
                      done++;
                    }
                  });
    }
    start.countDown();
    for (Thread contender : contenders) {
      contender.join();
    }
    assertEquals(0, violations.get());
    assertGate(GatePhase.FREE, GateOwner.NOBODY);
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts the contenders", e);
    }
  }

  private void assertGate(GatePhase phase, GateOwner owner) {
    assertEquals(phase, gate.phase());
    assertEquals(owner, gate.owner());
  }
}

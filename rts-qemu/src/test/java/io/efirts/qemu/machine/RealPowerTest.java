// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("real-firmware")
class RealPowerTest {
  @ParameterizedTest
  @EnumSource
  void aMachineNobodyUsesCostsNothingUntilItIsUsedAgain(GuestArch arch) {
    try (QemuMachine machine = QemuMachine.start(MachineSettings.of(arch))) {
      ProcessHandle process = ProcessHandle.of(machine.pid()).orElseThrow();
      awaitWork(process, "firmware boots");
      for (int i = 0; i < 3; i++) {
        machine.power().end();
        awaitPause(machine);
        Duration paused = cpuTime(process);
        long later = System.nanoTime() + 200_000_000;
        while (System.nanoTime() - later < 0) {
          LockSupport.parkNanos(10_000_000);
        }
        Duration spent = cpuTime(process).minus(paused);
        assertTrue(spent.compareTo(Duration.ofMillis(50)) < 0, "paused, but used " + spent);
        assertTrue(machine.power().begin());
        awaitWork(process, "it goes on");
      }
      assertEquals(true, machine.power().failure().isEmpty());
    }
  }

  @Test
  void aSeizedMachineRunsAndIsNotPausedAgain() {
    try (QemuMachine machine = QemuMachine.start(MachineSettings.of(GuestArch.ARM64))) {
      ProcessHandle process = ProcessHandle.of(machine.pid()).orElseThrow();
      machine.power().end();
      awaitPause(machine);
      assertTrue(machine.power().seize());
      awaitWork(process, "it goes on");
      assertTrue(machine.power().begin());
      machine.power().end();
      for (int i = 0; i < 5; i++) {
        awaitWork(process, "it still goes on");
      }
    }
  }

  @Test
  void aSecondUserIsRefused() {
    try (QemuMachine machine = QemuMachine.start(MachineSettings.of(GuestArch.ARM64))) {
      assertThrows(IllegalStateException.class, () -> machine.power().begin());
    }
  }

  @Test
  void anInterruptedThreadUsesSeizesAndRingsWithoutAllocating() throws Exception {
    OwnAllocations.requireNone(RealPowerTest::allocatedByCrashing);
  }

  private static long allocatedByCrashing() {
    try (QemuMachine machine = QemuMachine.start(MachineSettings.of(GuestArch.X86_64))) {
      machine.power().end();
      awaitPause(machine);
      Thread.currentThread().interrupt();
      assertTrue(machine.power().begin());
      long before = OwnAllocations.soFar();
      boolean seized = machine.power().seize();
      boolean rung = machine.crashAlarm().interrupt();
      boolean ordinary = machine.alarm().interrupt();
      machine.power().end();
      boolean begun = machine.power().begin();
      boolean alive = machine.isAlive();
      long allocated = OwnAllocations.soFar() - before;
      assertTrue(Thread.interrupted(), "the flag is kept");
      assertTrue(seized && rung && ordinary && begun && alive);
      return allocated;
    } finally {
      Thread.interrupted();
    }
  }

  @Test
  void closeOfAMachineThatIsPausedOrBeingPausedEndsIt() {
    for (int i = 0; i < 5; i++) {
      QemuMachine machine =
          QemuMachine.start(
              MachineSettings.of(GuestArch.X86_64).withIdlePause(Duration.ofMillis(1)));
      machine.power().end();
      if (i % 2 == 0) {
        awaitPause(machine);
      }
      machine.close();
      assertFalse(machine.isAlive());
      machine.close();
    }
  }

  private static void awaitPause(QemuMachine machine) {
    Await.until(
        "the pause",
        () -> PowerWord.state(machine.power().seen()) == PowerWord.PAUSED || !machine.isAlive());
    assertTrue(machine.isAlive(), machine::exitDescription);
  }

  private static void awaitWork(ProcessHandle process, String what) {
    Duration start = cpuTime(process);
    Await.until(what, () -> cpuTime(process).minus(start).compareTo(Duration.ofMillis(60)) >= 0);
  }

  private static Duration cpuTime(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }
}

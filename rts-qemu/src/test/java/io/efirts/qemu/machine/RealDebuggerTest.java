// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("real-firmware")
class RealDebuggerTest {
  private static final ValueLayout.OfInt WORD = ValueLayout.JAVA_INT;

  /** Two instructions at the end of RAM: "movz x0, #0x1234", then a branch to itself. */
  private static final long CODE_OFFSET = GuestArch.RAM_BYTES - 4096;

  @Test
  void readsMovesResumesAndStopsWithoutAllocatingOnAnInterruptedThread() throws Exception {
    OwnAllocations.requireNone(RealDebuggerTest::allocatedByDebugging);
  }

  private static long allocatedByDebugging() {
    MachineSettings settings = MachineSettings.of(GuestArch.ARM64);
    MachineDirectory directory = MachineDirectory.create();
    directory.fill(settings, null);
    MachineProcess process = new MachineProcess(CommandLine.of(settings, false), directory);
    // Never told to go on by anything but the debugger: it stands before its first instruction,
    // where the memory management unit is off and every address may be executed.
    try (MachineConnections connections =
        new MachineConnections(
            directory, GuestArch.ARM64, process.exit(), soon(), settings.commandLimit())) {
      DebuggerLine debugger = connections.debugger();
      MemorySegment ram =
          GuestRam.map(directory.file(MachineDirectory.RAM), GuestArch.ARM64)
              .regions()
              .get(0)
              .bytes();
      ram.set(WORD, CODE_OFFSET, 0xd2824680);
      ram.set(WORD, CODE_OFFSET + 4, 0x14000000);
      long[] found = new long[DebuggerLine.REGISTERS];
      long[] again = new long[DebuggerLine.REGISTERS];
      long deadline = soon();
      Thread.currentThread().interrupt();
      long before = OwnAllocations.soFar();
      boolean done = debugger.readRegisters(found, deadline);
      done &= debugger.writePc(GuestArch.ARM64.ramBase() + CODE_OFFSET, deadline);
      do {
        done &= debugger.resume(deadline);
        done &= debugger.interrupt(deadline);
        done &= debugger.readRegisters(again, deadline);
      } while (done && again[0] != 0x1234 && System.nanoTime() - deadline < 0);
      long allocated = OwnAllocations.soFar() - before;
      assertTrue(Thread.interrupted(), "the flag is kept");
      assertTrue(done);
      assertEquals(0x1234, again[0]);
      assertEquals(0, found[DebuggerLine.PC], "the reset vector");
      assertEquals(GuestArch.ARM64.ramBase() + CODE_OFFSET + 4, again[DebuggerLine.PC]);
      // EL1 with its own stack pointer, all of DAIF masked.
      assertEquals(0x3c5, again[DebuggerLine.PSTATE] & 0x3cf);
      return allocated;
    } finally {
      Thread.interrupted();
      process.kill();
      directory.delete();
    }
  }

  @Test
  void isOneThreadsAtATime() {
    try (QemuMachine machine = QemuMachine.start(MachineSettings.of(GuestArch.ARM64))) {
      DebuggerLine debugger = machine.debugger().orElseThrow();
      assertTrue(debugger.tryClaim());
      assertFalse(debugger.tryClaim());
      debugger.release();
      assertTrue(debugger.tryClaim());
    }
  }

  @Test
  void worksAfterManyPausesAndOnAPausedMachine() {
    try (QemuMachine machine = QemuMachine.start(MachineSettings.of(GuestArch.ARM64))) {
      DebuggerLine debugger = machine.debugger().orElseThrow();
      long[] registers = new long[DebuggerLine.REGISTERS];
      for (int i = 0; i < 20; i++) {
        machine.power().end();
        Await.until("the pause", () -> PowerWord.state(machine.power().seen()) == PowerWord.PAUSED);
        Await.until("the line", debugger::tryClaim);
        assertTrue(debugger.interrupt(soon()));
        assertTrue(debugger.readRegisters(registers, soon()));
        debugger.release();
        assertTrue(machine.power().beginAnswered(soon()));
        // Whoever has paused the machine throws reports away some time later.
        Await.until("the line", debugger::tryClaim);
        assertTrue(debugger.interrupt(soon()));
        assertTrue(debugger.readRegisters(registers, soon()));
        assertTrue(debugger.writePc(registers[DebuggerLine.PC], soon()));
        assertTrue(debugger.resume(soon()));
        debugger.release();
      }
    }
  }

  @Test
  void aMachineThatEndedAnswersNothing() {
    try (QemuMachine machine = QemuMachine.start(MachineSettings.of(GuestArch.ARM64))) {
      ProcessHandle.of(machine.pid()).orElseThrow().destroyForcibly();
      Await.until("the end is noticed", () -> !machine.isAlive());
      DebuggerLine debugger = machine.debugger().orElseThrow();
      assertFalse(debugger.interrupt(soon()));
      assertFalse(debugger.resume(soon()));
    }
  }

  private static long soon() {
    return System.nanoTime() + 60_000_000_000L;
  }
}

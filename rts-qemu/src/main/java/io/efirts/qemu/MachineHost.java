// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu;

import io.efirts.qemu.agent.Agent;
import io.efirts.qemu.agent.AgentHost;
import io.efirts.qemu.machine.DebuggerLine;
import io.efirts.qemu.machine.QemuMachine;

/**
 * The agent's host is a machine of QEMU's. A call that hangs is ended by an NMI where the board has
 * one, else by the debugger, which sends the processor to the agent.
 */
final class MachineHost implements AgentHost {
  private static final long DEBUGGER_NANOS = 2_000_000_000L;
  private static final long ATTEMPT_NANOS = 200_000_000L;

  private final QemuMachine machine;

  /** Null where there are NMIs. */
  private final DebuggerLine debugger;

  /** What the debugger reads: under the claim of its line. */
  private final long[] registers = new long[DebuggerLine.REGISTERS];

  MachineHost(QemuMachine machine) {
    this.machine = machine;
    this.debugger = machine.debugger().orElse(null);
  }

  @Override
  public boolean isAlive() {
    return machine.isAlive();
  }

  @Override
  public boolean beginUse() {
    return machine.power().begin();
  }

  @Override
  public void keepRunning() {
    machine.power().keepRunning();
  }

  @Override
  public void endUse() {
    machine.power().end();
  }

  @Override
  public boolean seize() {
    return machine.power().seize();
  }

  @Override
  public boolean unwind(Agent agent, boolean crash) {
    if (debugger == null) {
      return (crash ? machine.crashAlarm() : machine.alarm()).interrupt();
    }
    long deadline = System.nanoTime() + DEBUGGER_NANOS;
    while (!debugger.tryClaim()) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      Thread.onSpinWait();
    }
    try {
      // Whoever seized the machine, or pauses it, has told it to go on. If QEMU does so in the
      // middle
      // of this, what the debugger says is lost, and has to be said again.
      do {
        if (unwindByDebugger(agent, System.nanoTime() + ATTEMPT_NANOS)) {
          return true;
        }
      } while (machine.isAlive() && System.nanoTime() - deadline < 0);
      return false;
    } finally {
      debugger.release();
    }
  }

  private boolean unwindByDebugger(Agent agent, long deadline) {
    if (!debugger.interrupt(deadline)) {
      return false;
    }
    if (agent.isInside()) {
      if (!debugger.readRegisters(registers, deadline)) {
        return false;
      }
      agent.unwoundAt(registers[DebuggerLine.PC]);
      if (!debugger.writePc(agent.unwindAddress(), deadline)) {
        return false;
      }
    }
    return debugger.resume(deadline);
  }

  @Override
  public boolean unwindsByInterrupt() {
    return debugger == null;
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** All ways to one QEMU process, and the switch that uses them. */
final class MachineConnections implements PowerSwitch, AutoCloseable {
  private final MachineExit exit;
  private final SerialLog serial;
  private final Deque<PolledSocket> sockets = new ArrayDeque<>();
  private final MachineControl control;
  private final AlarmLine alarm;
  private final AlarmLine crashAlarm;
  private final DebuggerLine debugger;

  /**
   * Connects to a process that is just starting, its vCPU standing still.
   *
   * @throws MachineException if a connection is not there in time
   */
  MachineConnections(
      MachineDirectory directory, GuestArch arch, MachineExit exit, long deadline, Duration limit) {
    this.exit = exit;
    serial = new SerialLog(directory.file(MachineDirectory.SERIAL));
    try {
      QmpConnection qmp =
          QmpConnection.over(open(directory, MachineDirectory.CONTROL, deadline), deadline);
      control = new MachineControl(qmp, limit);
      alarm = AlarmLine.over(open(directory, MachineDirectory.ALARM, deadline), deadline);
      crashAlarm =
          AlarmLine.over(open(directory, MachineDirectory.CRASH_ALARM, deadline), deadline);
      debugger =
          arch == GuestArch.ARM64
              ? DebuggerLine.over(open(directory, MachineDirectory.DEBUGGER, deadline), deadline)
              : null;
    } catch (Throwable e) {
      close();
      throw e;
    }
  }

  private PolledSocket open(MachineDirectory directory, String name, long deadline) {
    PolledSocket socket = PolledSocket.connect(directory.file(name), exit::exited, deadline);
    sockets.push(socket);
    return socket;
  }

  MachineControl control() {
    return control;
  }

  AlarmLine alarm() {
    return alarm;
  }

  AlarmLine crashAlarm() {
    return crashAlarm;
  }

  /** The debugger line, or null on a machine without one. */
  DebuggerLine debugger() {
    return debugger;
  }

  @Override
  public void stop() {
    control.stop();
  }

  @Override
  public boolean resumeForUser() {
    return alarm.resume();
  }

  @Override
  public void resume(long deadline) {
    control.resume(deadline);
  }

  @Override
  public boolean resumeFromCrash() {
    return crashAlarm.resume();
  }

  @Override
  public void drain() {
    alarm.drain();
    crashAlarm.drain();
    if (debugger != null) {
      debugger.drain();
    }
  }

  @Override
  public void tidy() {
    serial.keepShort();
  }

  @Override
  public boolean isAlive() {
    return !exit.exited();
  }

  @Override
  public void close() {
    while (!sockets.isEmpty()) {
      sockets.pop().close();
    }
  }
}

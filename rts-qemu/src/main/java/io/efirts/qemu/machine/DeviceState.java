// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import java.util.Set;

/**
 * Writes and reads the state of a machine's devices by QEMU's migration, guest RAM left out.
 *
 * <p>The stream passes through {@code cat} and a file in the machine's own directory, whose name
 * needs no quoting whatever directory the snapshot lies in.
 */
final class DeviceState {
  private static final Set<String> FAILED = Set.of("failed", "cancelled", "cancelling");

  private DeviceState() {}

  /**
   * Writes the state of a machine that stands still into its directory.
   *
   * @throws MachineException if QEMU fails or is late
   */
  static void save(MachineControl control, MachineExit exit, long deadline) {
    control.leaveOutSharedRam();
    control.saveDevices(MachineDirectory.DEVICES);
    await(control, exit, deadline);
  }

  /**
   * Reads the state from the directory of a machine that was started for it.
   *
   * @throws MachineException if QEMU fails or is late
   */
  static void load(MachineControl control, MachineExit exit, long deadline) {
    control.leaveOutSharedRam();
    control.loadDevices(MachineDirectory.DEVICES);
    await(control, exit, deadline);
    while (control.status().equals("inmigrate")) {
      requireTime(exit, deadline, "inmigrate");
      PolledSocket.pause();
    }
  }

  private static void await(MachineControl control, MachineExit exit, long deadline) {
    String status = control.migration();
    while (!status.equals("completed")) {
      if (FAILED.contains(status)) {
        throw new MachineException("QEMU must move the device state: status=" + status);
      }
      requireTime(exit, deadline, status);
      PolledSocket.pause();
      status = control.migration();
    }
  }

  private static void requireTime(MachineExit exit, long deadline, String status) {
    if (exit.exited()) {
      throw new MachineException("QEMU must not end meanwhile: " + exit.description());
    }
    if (System.nanoTime() - deadline >= 0) {
      throw new MachineException("QEMU must move the device state in time: status=" + status);
    }
  }
}

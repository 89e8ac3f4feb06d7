// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("real-firmware")
class RealMachineTest {
  @ParameterizedTest
  @EnumSource
  void startsAndEndsWithClose(GuestArch arch) {
    ProcessHandle handle;
    try (QemuMachine machine = QemuMachine.start(MachineSettings.of(arch))) {
      handle = ProcessHandle.of(machine.pid()).orElseThrow();
      assertTrue(machine.isAlive());
      assertEquals("running", machine.exitDescription());
    }
    assertFalse(handle.isAlive());
  }
}

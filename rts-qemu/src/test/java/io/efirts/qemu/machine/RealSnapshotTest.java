// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("real-firmware")
class RealSnapshotTest {
  private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG;

  /** Firmware that finds nothing to boot leaves the middle of RAM alone. */
  private static final long OURS = GuestArch.RAM_BYTES / 2;

  @TempDir private Path files;

  @ParameterizedTest
  @EnumSource
  void aMachineComesBackWithItsRamAndGoesOn(GuestArch arch) {
    MachineSnapshot snapshot;
    try (QemuMachine machine = QemuMachine.start(MachineSettings.of(arch))) {
      ram(machine).set(WORD, OURS, 0x1122334455667788L);
      machine.power().end();
      snapshot = machine.snapshot(files.resolve("rest"));
      ram(machine).set(WORD, OURS, 1);
      assertThrows(MachineException.class, () -> machine.snapshot(files.resolve("rest")));
      assertTrue(machine.power().begin(), "it goes on");
      assertTrue(machine.power().failure().isEmpty());
    }
    for (int i = 0; i < 2; i++) {
      try (QemuMachine machine = QemuMachine.restore(snapshot)) {
        assertEquals(0x1122334455667788L, ram(machine).get(WORD, OURS));
        // What it does to its RAM is its own: the next one comes back with the old value.
        ram(machine).set(WORD, OURS, 2);
        machine.power().end();
        Await.until("the pause", () -> PowerWord.state(machine.power().seen()) == PowerWord.PAUSED);
        assertTrue(machine.power().begin());
      }
    }
  }

  @Test
  void aStoreUsedInPlaceGoesIntoTheSnapshotAndStaysLocked() throws IOException {
    Path store = files.resolve("vars.fd");
    Files.copy(GuestArch.X86_64.defaultVariables(), store);
    MachineSettings settings = MachineSettings.of(GuestArch.X86_64).withVariablesInPlace(store);
    MachineSnapshot snapshot;
    try (QemuMachine machine = QemuMachine.start(settings)) {
      machine.power().end();
      snapshot = machine.snapshot(files.resolve("rest"));
      assertThrows(MachineException.class, () -> QemuMachine.start(settings));
      try (QemuMachine beside = QemuMachine.restore(snapshot)) {
        assertTrue(beside.isAlive(), "on a copy");
      }
    }
    assertEquals(Files.size(store), Files.size(snapshot.directory().resolve("vars.fd")));
  }

  private static MemorySegment ram(QemuMachine machine) {
    return machine.memory().regions().get(0).bytes();
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.memory.MemoryRegion;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineFilesTest {
  @TempDir private Path files;
  private MachineDirectory directory;
  private MachineSettings settings;

  @BeforeEach
  void create() throws IOException {
    directory = MachineDirectory.create();
    Path store = Files.write(files.resolve("store.fd"), new byte[] {1, 2, 3});
    settings = MachineSettings.of(GuestArch.ARM64).withFirmware(store, store);
  }

  @AfterEach
  void delete() {
    directory.delete();
    assertFalse(Files.exists(directory.path()));
    directory.delete();
  }

  @Test
  void aMachineGetsItsKernelItsOwnStoreAndRamOfZeros() throws IOException {
    directory.fill(settings.withKernel(new byte[] {4, 5}), null);
    assertArrayEquals(new byte[] {4, 5}, Files.readAllBytes(directory.file("agent.efi")));
    assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(directory.file("vars.fd")));
    MemoryRegion ram = GuestRam.map(directory.file("ram.bin"), GuestArch.ARM64).regions().get(0);
    assertEquals(0x4000_0000L, ram.base().value());
    assertEquals(256L << 20, ram.bytes().byteSize());
    assertEquals(0, ram.bytes().get(ValueLayout.JAVA_BYTE, (256L << 20) - 1));
  }

  @Test
  void aStoreInPlaceIsForOneMachineUntilThatOneIsGone() {
    MachineSettings inPlace = settings.withVariablesInPlace(settings.variables());
    directory.fill(inPlace, null);
    assertFalse(Files.exists(directory.file("vars.fd")));
    MachineDirectory second = MachineDirectory.create();
    MachineException refused =
        assertThrows(MachineException.class, () -> second.fill(inPlace, null));
    assertEquals(
        "variable store must be used by one machine at a time: variables=" + settings.variables(),
        refused.getMessage());
    second.delete();
    directory.delete();
    MachineDirectory third = MachineDirectory.create();
    third.fill(inPlace, null);
    third.delete();
  }

  @Test
  void aSnapshotIsThreeFilesInADirectoryOfItsOwn() throws IOException {
    directory.fill(settings, null);
    Files.write(directory.file("devices.mig"), new byte[] {6});
    Path target = files.resolve("new").resolve("rest");
    MachineDirectory.requireEmpty(target);
    directory.copyTo(target);
    MachineSnapshot snapshot = new MachineSnapshot(target, settings);
    assertThrows(MachineException.class, () -> MachineDirectory.requireEmpty(target));
    MachineDirectory again = MachineDirectory.create();
    again.fill(snapshot.restoreSettings(), snapshot);
    for (String name : new String[] {"ram.bin", "vars.fd", "devices.mig"}) {
      assertEquals(-1, Files.mismatch(directory.file(name), again.file(name)));
    }
    again.delete();
    Files.delete(target.resolve("devices.mig"));
    IllegalArgumentException missing =
        assertThrows(IllegalArgumentException.class, () -> new MachineSnapshot(target, settings));
    assertEquals(
        "snapshot must have the file devices.mig: directory=" + target, missing.getMessage());
  }

  @Test
  void theLastLinesAreOneReadableLine() throws IOException {
    Path log = files.resolve("log");
    assertEquals("", MachineExit.tail("; ", log));
    Files.writeString(log, "");
    assertEquals("", MachineExit.tail("; ", log));
    Files.writeString(log, "x".repeat(5000) + "\r\n\u001b[2J\u001b[01;01Hlast\u0007 \n\n");
    String tail = MachineExit.tail("; ", log);
    assertTrue(tail.startsWith("; xxx") && tail.endsWith("x / last /"), tail);
    assertTrue(tail.length() < 700, tail);
  }
}

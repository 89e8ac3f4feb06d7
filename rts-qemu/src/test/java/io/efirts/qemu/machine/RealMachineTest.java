// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("real-firmware")
class RealMachineTest {
  @TempDir private Path files;

  @ParameterizedTest
  @EnumSource
  void firmwareRunsAndEndsWithClose(GuestArch arch) {
    ProcessHandle handle;
    MemorySegment ram;
    try (QemuMachine machine = QemuMachine.start(MachineSettings.of(arch))) {
      handle = ProcessHandle.of(machine.pid()).orElseThrow();
      ram = machine.memory().regions().get(0).bytes();
      Await.until("firmware writes to RAM", () -> holdsSomething(ram));
      assertTrue(machine.isAlive());
      assertTrue(machine.exitDescription().startsWith("running"));
    }
    assertFalse(handle.isAlive());
    assertTrue(holdsSomething(ram), "RAM stays readable");
    assertEquals(
        List.of(),
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("efi-rts-qemu"))
            .toList());
  }

  @Test
  void aKilledProcessIsNoticedAndDescribed() {
    try (QemuMachine machine = QemuMachine.start(MachineSettings.of(GuestArch.ARM64))) {
      ProcessHandle.of(machine.pid()).orElseThrow().destroyForcibly();
      Await.until("the end is noticed", () -> !machine.isAlive());
      Await.until("it is described", () -> machine.exitDescription().startsWith("exit code 137"));
      assertFalse(machine.crashAlarm().resume());
      machine.power().end();
      assertFalse(machine.power().begin() && machine.isAlive());
    }
  }

  @Test
  void qemusOwnRefusalIsInTheMessage() throws IOException {
    Path tooSmall = Files.write(files.resolve("small.fd"), new byte[4096 * 3]);
    MachineException failure =
        assertThrows(
            MachineException.class,
            () ->
                QemuMachine.start(
                    MachineSettings.of(GuestArch.ARM64).withVariablesInPlace(tooSmall)));
    assertTrue(failure.getMessage().contains("exit code 1; QEMU: "), failure.getMessage());
    assertTrue(failure.getMessage().contains("device requires"), failure.getMessage());
  }

  @Test
  void aSecondMachineOnTheSameStoreIsRefused() throws IOException {
    Path store = files.resolve("vars.fd");
    Files.copy(GuestArch.X86_64.defaultVariables(), store);
    MachineSettings settings = MachineSettings.of(GuestArch.X86_64).withVariablesInPlace(store);
    try (QemuMachine first = QemuMachine.start(settings)) {
      MachineException failure =
          assertThrows(MachineException.class, () -> QemuMachine.start(settings));
      assertTrue(failure.getMessage().contains("one machine at a time"), failure.getMessage());
      assertTrue(first.isAlive());
    }
    try (QemuMachine next = QemuMachine.start(settings)) {
      assertTrue(next.isAlive());
    }
    assertTrue(Files.exists(store));
  }

  @Test
  void aNonMaskableInterruptReachesFirmwareAlsoWhenTheMachineWasPaused() {
    try (QemuMachine machine = QemuMachine.start(MachineSettings.of(GuestArch.X86_64))) {
      Path serial = Path.of("/proc/" + machine.pid() + "/cwd", MachineDirectory.SERIAL);
      Await.until("firmware is up", () -> contains(serial, "Bds"));
      machine.power().end();
      Await.until("the pause", () -> PowerWord.state(machine.power().seen()) == PowerWord.PAUSED);
      assertTrue(machine.alarm().interrupt());
      assertTrue(machine.power().begin());
      Await.until("firmware reports it", () -> contains(serial, "Exception Type - 02(NMI"));
      assertTrue(machine.exitDescription().contains("serial: "), machine.exitDescription());
    }
  }

  @Test
  void aLongLogOfTheSerialPortIsCutWhileTheMachineRuns() throws IOException {
    try (QemuMachine machine = QemuMachine.start(MachineSettings.of(GuestArch.X86_64))) {
      Path serial = Path.of("/proc/" + machine.pid() + "/cwd", MachineDirectory.SERIAL);
      Await.until("firmware is up", () -> contains(serial, "Bds"));
      Files.write(serial, new byte[(int) SerialLog.MOST_BYTES + 1], StandardOpenOption.APPEND);
      Await.until("the log is cut", () -> serial.toFile().length() < SerialLog.MOST_BYTES);
      assertTrue(machine.alarm().interrupt());
      Await.until("QEMU goes on in it", () -> contains(serial, "Exception Type - 02(NMI"));
      assertTrue(serial.toFile().length() < SerialLog.MOST_BYTES);
      assertEquals(Optional.empty(), machine.power().failure());
    }
  }

  private static boolean contains(Path file, String text) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1).contains(text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean holdsSomething(MemorySegment ram) {
    for (long at = 0; at < ram.byteSize(); at += 4096) {
      if (ram.get(ValueLayout.JAVA_LONG, at) != 0) {
        return true;
      }
    }
    return false;
  }
}

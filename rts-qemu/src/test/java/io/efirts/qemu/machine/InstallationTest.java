// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallationTest {
  @TempDir private Path files;
  private MachineSettings settings;

  @BeforeEach
  void firmware() {
    settings =
        MachineSettings.of(GuestArch.X86_64)
            .withFirmware(files.resolve("code.fd"), files.resolve("vars.fd"));
  }

  @Test
  void aMissingProgramSaysWhatToInstall() {
    assertMissing(
        "QEMU must be installed (apt install qemu-system-x86 ovmf): program=qemu-system-x86_64");
  }

  @Test
  void aMissingFileSaysWhatToInstall() throws IOException {
    program();
    String rule = "firmware's files must be readable (apt install qemu-system-x86 ovmf): ";
    assertMissing(rule + "code=" + files.resolve("code.fd"));
    Files.createFile(files.resolve("code.fd"));
    assertMissing(rule + "variables=" + files.resolve("vars.fd"));
    Files.createFile(files.resolve("vars.fd"));
    Installation.require(settings, searchPath());
  }

  private void program() throws IOException {
    Path program = Files.createFile(files.resolve(GuestArch.X86_64.binary()));
    assertTrue(program.toFile().setExecutable(true));
  }

  private String searchPath() {
    return File.pathSeparator + files.resolve("none") + File.pathSeparator + files;
  }

  private void assertMissing(String message) {
    MachineException missing =
        assertThrows(MachineException.class, () -> Installation.require(settings, searchPath()));
    assertEquals(message, missing.getMessage());
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.firmware.store.NvLayout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code rts firmware} where QEMU is missing, or is not what it should be: in a JVM of its own. */
@Timeout(240)
class FirmwareInstallationTest {
  private static final int CODE_BYTES_4M = 3_653_632;

  @TempDir private Path directory;

  private List<String> firmware(String searchPath, String... options)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Rts.class.getName(),
                "firmware"));
    command.addAll(List.of(options));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("PATH", searchPath);
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(30, TimeUnit.SECONDS), "the command must end");
    assertEquals(2, process.exitValue(), err);
    return err.lines().toList();
  }

  @Test
  void whatToInstallIsSaidWhereThereIsNoQemu() throws Exception {
    assertEquals(
        List.of(
            "rts: QEMU must be installed (apt install qemu-system-x86 ovmf):"
                + " program=qemu-system-x86_64"),
        firmware(directory.toString()));
    assertEquals(
        List.of(
            "rts: QEMU must be installed (apt install qemu-system-arm qemu-efi-aarch64):"
                + " program=qemu-system-aarch64"),
        firmware(directory.toString(), "--arch", "arm64"));
  }

  @Test
  void aQemuThatEndsAtOnceIsQuoted() throws Exception {
    Path qemu = directory.resolve("qemu-system-x86_64");
    Files.writeString(qemu, "#!/bin/sh\necho 'no such board' >&2\nexit 3\n");
    Files.setPosixFilePermissions(qemu, PosixFilePermissions.fromString("rwx------"));
    Path code = Files.write(directory.resolve("code.fd"), new byte[CODE_BYTES_4M]);
    Path vars = TestImages.empty(directory, NvLayout.OVMF_4M);

    List<String> err =
        firmware(
            directory + ":" + System.getenv("PATH"),
            "--code",
            code.toString(),
            "--vars",
            vars.toString());

    assertEquals(1, err.size(), err::toString);
    assertTrue(
        err.getFirst()
            .startsWith("rts: QEMU must not end at its start: exit code 3; QEMU: no such"),
        err::toString);
  }
}

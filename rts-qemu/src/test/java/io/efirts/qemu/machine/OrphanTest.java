// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("real-firmware")
class OrphanTest {
  @TempDir private Path files;

  /** The JVM to be killed: starts a machine, says its number, and waits. */
  static final class Host {
    private Host() {}

    public static void main(String[] args) throws IOException {
      QemuMachine machine = QemuMachine.start(MachineSettings.of(GuestArch.valueOf(args[0])));
      System.out.println(machine.pid());
      System.in.read();
      machine.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void noMachineOutlivesAJvmThatIsKilled(GuestArch arch) throws Exception {
    Process host =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + files,
                "-cp",
                System.getProperty("java.class.path"),
                Host.class.getName(),
                arch.name())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader said = host.inputReader()) {
      ProcessHandle machine = ProcessHandle.of(Long.parseLong(said.readLine())).orElseThrow();
      assertTrue(machine.isAlive());
      host.destroyForcibly();
      assertTrue(host.waitFor(30, TimeUnit.SECONDS));
      assertEquals(137, host.exitValue());
      Await.until("the machine is gone", () -> !machine.isAlive());
      Await.until("its files are gone", () -> files.toFile().list().length == 0);
    } finally {
      host.destroyForcibly();
    }
  }
}

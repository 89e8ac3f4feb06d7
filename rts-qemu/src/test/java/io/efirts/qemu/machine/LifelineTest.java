// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With programs every Linux has in the place of QEMU. */
class LifelineTest {
  @TempDir private Path parent;
  private Path files;

  @BeforeEach
  void create() throws IOException {
    files = Files.createDirectory(parent.resolve("of the program"));
  }

  @Test
  void theProgramIsTheProcessAndGetsItsArgumentsAsTheyAre() throws Exception {
    Process process = start("/bin/sh", "-c", "echo $$ \"$1\"", "sh", "a  'b' $c");
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    assertEquals(process.pid() + " a  'b' $c\n", Files.readString(files.resolve("log")));
  }

  @Test
  void theEndOfThePipeKillsTheProgramAndDeletesItsFiles() throws Exception {
    Process process = start("sleep", "1000");
    process.getOutputStream().close();
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    assertEquals(137, process.exitValue());
    Await.until("its directory is gone", () -> !Files.exists(files));
    assertTrue(Files.exists(parent));
  }

  @Test
  void theProgramsOwnEndEndsTheWatchToo() throws Exception {
    Process process =
        start("/bin/sh", "-c", "ls /proc/$$/fd; until [ -e end ]; do :; done; exit 3");
    Await.until("the program runs", () -> files.resolve("log").toFile().length() > 0);
    List<ProcessHandle> watch = process.children().toList();
    assertFalse(watch.isEmpty());
    Files.createFile(files.resolve("end"));
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    assertEquals(3, process.exitValue());
    process.getOutputStream().close();
    for (ProcessHandle shell : watch) {
      Await.until("the watch ends", () -> !shell.isAlive());
    }
    String inherited = Files.readString(files.resolve("log"));
    assertTrue(inherited.startsWith("0\n1\n2\n"), "files are kept: " + inherited);
  }

  @Test
  void aProgramThatIsNotThereEndsAtOnce() throws Exception {
    Process process = start("efi-rts-no-such-program");
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    assertEquals(127, process.exitValue());
  }

  @Test
  void aDirectoryThatIsNotThereIsRefused() {
    assertThrows(
        MachineException.class,
        () -> Lifeline.start(List.of("true"), files.resolve("none"), files.resolve("log")));
  }

  private Process start(String... command) throws IOException {
    return Lifeline.start(List.of(command), files, files.resolve("log"));
  }
}

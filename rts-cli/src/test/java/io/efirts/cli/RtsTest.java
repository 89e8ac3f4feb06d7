// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static io.efirts.cli.CommandRun.rts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RtsTest {
  @TempDir private Path directory;

  @Test
  void theVersionIsTheBuilds() {
    String line = rts("--version").succeeds().out().strip();

    assertTrue(line.matches("rts \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?"), line);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "demo",
        "vars",
        "vars list",
        "vars get",
        "vars info",
        "vars set",
        "pstore",
        "pstore list",
        "pstore show",
        "pstore export",
        "pstore rm",
        "pagetables",
        "firmware"
      })
  void everyCommandExplainsItself(String command) {
    Object[] arguments = (command + " --help").strip().split(" ");
    String help = rts(arguments).succeeds().out();

    assertTrue(help.startsWith(("Usage: rts " + command).strip()), help);
    assertTrue(help.lines().count() > 4, help);
    assertFalse(help.contains("${"), help);
  }

  @Test
  void theHelpNamesTheExitCodes() {
    assertTrue(
        rts("--help").succeeds().out().contains("Exit code: 0 for success, 2 for every error."));
  }

  @Test
  void aReaderThatHasGoneIsOneLineAndAnError() throws IOException {
    Path image = TestImages.filled(directory);
    for (List<Object> command :
        List.<List<Object>>of(List.of("--help"), List.of("vars", "list", image), List.of("demo"))) {
      StringWriter err = new StringWriter();

      int exitCode =
          Rts.run(
              new PrintWriter(new ClosedPipe()),
              new PrintWriter(err),
              command.stream().map(Object::toString).toArray(String[]::new));

      assertEquals("rts: output could not be written" + System.lineSeparator(), err.toString());
      assertEquals(2, exitCode);
    }
  }

  private static final class ClosedPipe extends Writer {
    @Override
    public void write(char[] units, int offset, int length) throws IOException {
      throw new IOException("Broken pipe");
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}

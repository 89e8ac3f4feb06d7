// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The demo under a flight recording, read with the JDK's own tool as the README shows it. */
@Timeout(360)
class DemoRecordingTest {
  private static final Path JDK = Path.of(System.getProperty("java.home"), "bin");

  /** The one call that writes, with all that is said of it. */
  private static final Pattern WRITE =
      Pattern.compile(
          "io\\.efirts\\.Call \\{\\s+startTime = .*\\s+service = \"SetVariable\"\\s+"
              + "status = \"EFI_SUCCESS\"\\s+outcome = \"COMPLETED\"\\s+"
              + "queueTime = [0-9.]+ \\S+\\s+firmwareTime = [0-9.]+ \\S+\\s+"
              + "eventThread = \"efi-rts\"");

  @TempDir private Path directory;

  @Test
  void showsEveryCallWithItsTimes() throws IOException, InterruptedException {
    Path recording = directory.resolve("demo.jfr");
    run(
        "java",
        "-XX:StartFlightRecording:filename=" + recording,
        "-XX:+UseSerialGC",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        System.getProperty("java.class.path"),
        Rts.class.getName(),
        "demo");
    String calls = run("jfr", "print", "--events", "io.efirts.Call", recording.toString());
    assertTrue(WRITE.matcher(calls).find(), calls);
    for (String service :
        List.of("GetTime", "QueryVariableInfo", "GetNextVariableName", "GetVariable")) {
      assertTrue(calls.contains("service = \"" + service + "\""), calls);
    }
  }

  private String run(String tool, String... arguments) throws IOException, InterruptedException {
    Path output = directory.resolve(tool + ".out");
    ProcessBuilder builder = new ProcessBuilder(arguments);
    builder.command().add(0, JDK.resolve(tool).toString());
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    try {
      assertTrue(process.waitFor(180, TimeUnit.SECONDS), tool);
      assertEquals(0, process.exitValue(), () -> tool + ": " + read(output));
    } finally {
      process.destroyForcibly();
    }
    return read(output);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

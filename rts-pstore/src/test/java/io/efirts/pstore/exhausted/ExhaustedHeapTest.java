// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.exhausted;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvLayout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A panic in a process of its own whose heap is full and stays so: another thread goes on asking
 * for memory and keeps all it gets (I-18).
 */
@Timeout(120)
class ExhaustedHeapTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "whole, -XX:+UseG1GC",
    "inside, -XX:+UseG1GC",
    "whole, -XX:+UseSerialGC",
    "inside, -XX:+UseSerialGC"
  })
  void aPanicNeedsNoClassesAndGetsThrough(String where, String option) throws Exception {
    requirePanic(where, option);
  }

  /**
   * Interpreted, so that only what the code asks for is counted: when the JVM gives up compiled
   * code, it may make some bytes of objects on its own account.
   */
  @ParameterizedTest
  @ValueSource(strings = {"whole", "inside"})
  void aPanicAllocatesNothing(String where) throws Exception {
    List<String> output = requirePanic(where, "-Xint");
    assertTrue(output.contains("allocated=0"), () -> String.join("\n", output));
  }

  private List<String> requirePanic(String where, String option) throws Exception {
    Path file = directory.resolve("vars.fd");
    NvImage.create(file, NvLayout.OVMF_4M).close();
    List<String> output = run(file, where, option);
    String all = String.join("\n", output);
    int begin = output.indexOf(ExhaustedCrash.BEGIN);
    int end = output.indexOf(ExhaustedCrash.END);
    assertTrue(0 <= begin && begin < end, all);
    assertEquals(List.of(), output.subList(begin + 1, end), "loaded, linked or initialized");
    assertTrue(output.contains("interrupted=" + where.equals("inside")), all);
    assertTrue(output.stream().anyMatch(line -> line.matches("written=(\\d+) of \\1")), all);
    return output;
  }

  private static List<String> run(Path file, String where, String option)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx32m",
            option,
            "-Xshare:auto",
            "--enable-native-access=ALL-UNNAMED",
            "-Xlog:class+load=info,class+init=info:stdout:none"));
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            ExhaustedCrash.class.getName(),
            file.toString(),
            where));
    Path log = file.resolveSibling("output");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      assertTrue(process.waitFor(100, TimeUnit.SECONDS), "the process must end");
    } finally {
      process.destroyForcibly();
    }
    List<String> output = Files.readAllLines(log, StandardCharsets.UTF_8);
    assertEquals(0, process.exitValue(), () -> String.join("\n", output));
    return output;
  }
}

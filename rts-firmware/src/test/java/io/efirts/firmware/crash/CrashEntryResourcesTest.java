// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvLayout;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** I-18: the crash entry allocates nothing and loads no class, from its first call on. */
@Timeout(120)
class CrashEntryResourcesTest {
  private static final int ROUNDS = 50;

  @TempDir private Path folder;

  /** Without the compiler, which resolves the strings of what it compiles while that runs. */
  @Test
  void noClassIsLoadedAndNothingAllocatedInAFreshJvm() throws Exception {
    List<String> lines = crashInFreshJvm("-Xint");
    assertNoClassWasLoaded(lines);
    assertTrue(lines.contains(CrashInFreshJvm.ALLOCATED + 0), lines.getLast());
  }

  @Test
  void noClassIsLoadedInAFreshJvmWithTheCompiler() throws Exception {
    assertNoClassWasLoaded(crashInFreshJvm("-Xmixed"));
  }

  /** What it says; the last of its crashes finds no heap left. */
  private List<String> crashInFreshJvm(String mode) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                mode,
                "-Xlog:class+load",
                "-XX:+UseSerialGC",
                "-Xmx24m",
                "-cp",
                System.getProperty("java.class.path"),
                CrashInFreshJvm.class.getName(),
                folder.resolve("vars.fd").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    byte[] said = process.getInputStream().readAllBytes();
    assertEquals(0, process.waitFor(), "see standard error");
    return new String(said, StandardCharsets.UTF_8).lines().toList();
  }

  private static void assertNoClassWasLoaded(List<String> lines) {
    int begin = lines.indexOf(CrashInFreshJvm.BEGIN);
    int end = lines.indexOf(CrashInFreshJvm.END);
    assertTrue(begin > 0 && end > begin, "both marks: " + begin + ", " + end);
    assertEquals(List.of(), lines.subList(begin + 1, end));
  }

  @Test
  void noCallOverMemoryAllocates() throws Exception {
    assertNoCallAllocates(() -> NvImage.inMemory(NvLayout.OVMF_2M));
  }

  @Test
  void noCallOverAFileAllocates() throws Exception {
    Path file = folder.resolve("vars.fd");
    assertNoCallAllocates(
        () -> {
          Files.deleteIfExists(file);
          return NvImage.create(file, NvLayout.OVMF_2M);
        });
  }

  private static void assertNoCallAllocates(Callable<NvImage> images) throws Exception {
    long least = Long.MAX_VALUE;
    // In some rounds the compiler is at work: the best one is what the calls need.
    for (int round = 0; round < ROUNDS && least > 0; round++) {
      least = Math.min(least, allocatedByCrash(images));
    }
    assertEquals(0, least);
  }

  /** Of a new firmware each time, since a takeover comes once. */
  private static long allocatedByCrash(Callable<NvImage> images) throws Exception {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (NvImage image = images.call()) {
      ReferenceFirmware firmware =
          ReferenceFirmware.builder(image)
              .resetHandler((type, status, data, dataBytes) -> {})
              .build();
      PackedCrash crash = new PackedCrash(firmware.crashEntry());
      long before = threads.getCurrentThreadAllocatedBytes();
      boolean worked = crash.makeAll();
      long after = threads.getCurrentThreadAllocatedBytes();
      assertTrue(worked);
      return after - before;
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static io.efirts.cli.CommandRun.rts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.firmware.FirmwarePhase;
import io.efirts.firmware.store.NvLayout;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo's claim is checked, not assumed. */
class DemoCallsTest {
  @TempDir private Path directory;

  private final CallLog log = new CallLog(new PrintWriter(Writer.nullWriter()));

  @Test
  void anotherTokenThanTheOneSetIsNoticed() throws IOException {
    Path image = TestImages.empty(directory, NvLayout.OVMF_4M);
    try (OpenStore store = OpenStore.forWriting(image)) {
      new DemoCalls(log, "aaaa").use(store);
    }

    try (OpenStore store = OpenStore.forReading(image, FirmwarePhase.RUNTIME)) {
      new DemoCalls(log, "aaaa").requireToken(store);
      CliException problem =
          assertThrows(CliException.class, () -> new DemoCalls(log, "aaab").requireToken(store));
      assertEquals(
          "the token read back must be the one set: set=aaab, read=aaaa", problem.getMessage());
    }
  }

  @Test
  void aMissingTokenIsNoticed() throws IOException {
    Path image = TestImages.empty(directory, NvLayout.OVMF_4M);
    rts("vars", "list", image).succeeds();

    try (OpenStore store = OpenStore.forReading(image, FirmwarePhase.BOOT)) {
      CliException problem =
          assertThrows(CliException.class, () -> new DemoCalls(log, "aaaa").requireToken(store));
      assertEquals("GetVariable: EFI_NOT_FOUND", problem.getMessage());
    }
  }
}

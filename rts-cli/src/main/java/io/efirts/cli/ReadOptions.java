// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.firmware.FirmwarePhase;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options of the commands that only read. */
final class ReadOptions {
  @Option(
      names = "--phase",
      paramLabel = "boot|runtime",
      defaultValue = "boot",
      description = {
        "Whose view: boot is before ExitBootServices and sees every variable, runtime is what an"
            + " operating system sees. Default: ${DEFAULT-VALUE}."
      })
  private FirmwarePhase phase;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  OpenStore open(Path file) {
    return OpenStore.forReading(file, phase);
  }

  boolean json() {
    return json;
  }
}

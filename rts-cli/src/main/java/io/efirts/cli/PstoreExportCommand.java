// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.firmware.FirmwarePhase;
import io.efirts.pstore.read.CrashRecord;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rts pstore export}: one file for each record. */
@Command(
    name = "export",
    description = "Writes each crash record to a file, as Linux shows it below /sys/fs/pstore.",
    footer = {
      "",
      "Files are named dmesg-efi_pstore-ID, with .enc.z behind it if the record could not be",
      "decoded; it is then as stored. A record whose ID another has too gets the name of its",
      "variable behind it. No file is overwritten: if one exists, nothing is written."
    })
final class PstoreExportCommand implements Runnable {
  @Parameters(index = "0", paramLabel = "FILE", description = "The image file.")
  private Path file;

  @Parameters(
      index = "1",
      paramLabel = "DIR",
      description = "The directory to write to; created if it is missing.")
  private Path directory;

  @Mixin private HelpOption help;
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    PrintWriter err = spec.commandLine().getErr();
    try (OpenStore store = OpenStore.forReading(file, FirmwarePhase.RUNTIME)) {
      List<CrashRecord> records = store.crashRecords(err).records();
      new RecordFiles(directory, err).write(records);
      spec.commandLine()
          .getOut()
          .println(
              Printable.text(directory.toString())
                  + ": "
                  + records.size()
                  + (records.size() == 1 ? " record" : " records"));
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.firmware.FirmwarePhase;
import io.efirts.pstore.format.RecordId;
import io.efirts.pstore.format.RecordName;
import io.efirts.pstore.format.RecordType;
import io.efirts.pstore.read.CrashDump;
import io.efirts.pstore.read.CrashRecord;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rts pstore list}: every crash record, dump by dump. */
@Command(
    name = "list",
    description = "Lists all crash records, those of the oldest dump first.",
    footer = {
      "",
      "DUMP is the number that show and rm take; it changes when an older dump is erased.",
      "ID is the number in the name of the file as which Linux shows the record.",
      "JSON: an array of {id, type, part, count, timestamp, compressed, size}."
    })
final class PstoreListCommand implements Runnable {
  @Parameters(index = "0", paramLabel = "FILE", description = "The image file.")
  private Path file;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private HelpOption help;
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    try (OpenStore store = OpenStore.forReading(file, FirmwarePhase.RUNTIME)) {
      CrashRecords found = store.crashRecords(spec.commandLine().getErr());
      PrintWriter out = spec.commandLine().getOut();
      if (json) {
        JsonOutput.print(out, found.records().stream().map(RecordSummary::of).toList());
      } else {
        printTable(out, found.dumps());
      }
    }
  }

  private static void printTable(PrintWriter out, List<CrashDump> dumps) {
    TextTable table =
        new TextTable("DUMP", "TYPE", "COUNT", "PART", "WRITTEN", "COMPRESSED", "SIZE", "ID");
    int number = 0;
    for (CrashDump dump : dumps) {
      number++;
      for (CrashRecord record : dump.parts()) {
        RecordName name = record.name();
        table.add(
            number,
            RecordType.prefixOf(name.type()),
            name.count(),
            name.part(),
            TimeText.utc(name.seconds()),
            name.compressed() ? "yes" : "no",
            record.storedBytes(),
            RecordId.text(name.id()));
      }
    }
    table.print(out);
  }
}

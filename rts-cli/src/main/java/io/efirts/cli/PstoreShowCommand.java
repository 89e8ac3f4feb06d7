// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.firmware.FirmwarePhase;
import io.efirts.pstore.read.CrashDump;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rts pstore show}: the logs, put together from their parts. */
@Command(
    name = "show",
    description =
        "Shows the log of each dump, oldest line first, under a line that tells its number.",
    footer = {
      "",
      "A line in brackets stands where a part of the log is missing or cannot be decoded.",
      "Control characters are shown as escapes; export gives the exact bytes."
    })
final class PstoreShowCommand implements Runnable {
  @Parameters(index = "0", paramLabel = "FILE", description = "The image file.")
  private Path file;

  @Option(
      names = "--dump",
      paramLabel = "N",
      description = "Show the log of this dump alone, as list numbers them; nothing but the log.")
  private Integer number;

  @Mixin private HelpOption help;
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    try (OpenStore store = OpenStore.forReading(file, FirmwarePhase.RUNTIME)) {
      CrashRecords found = store.crashRecords(spec.commandLine().getErr());
      PrintWriter out = spec.commandLine().getOut();
      if (number == null) {
        printAll(out, found);
      } else {
        LogText.print(out, found.dump(number).log());
      }
    }
  }

  private static void printAll(PrintWriter out, CrashRecords found) {
    int number = 0;
    for (CrashDump dump : found.dumps()) {
      number++;
      out.println(
          (number == 1 ? "" : System.lineSeparator())
              + "Dump "
              + number
              + ": "
              + dump.reason().title()
              + ", "
              + TimeText.utc(dump.seconds())
              + ", "
              + dump.parts().size()
              + (dump.parts().size() == 1 ? " part" : " parts"));
      LogText.print(out, dump.log());
    }
  }
}

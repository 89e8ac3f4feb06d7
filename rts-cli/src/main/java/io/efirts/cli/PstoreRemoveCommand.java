// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.firmware.FirmwarePhase;
import io.efirts.pstore.format.RecordId;
import io.efirts.pstore.read.CrashEraser;
import io.efirts.pstore.read.CrashRecord;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rts pstore rm}: SetVariable without data, as an operating system does it at runtime. */
@Command(
    name = "rm",
    description = "Erases crash records. If one of those named is not there, none is erased.")
final class PstoreRemoveCommand implements Runnable {
  @Parameters(index = "0", paramLabel = "FILE", description = "The image file.")
  private Path file;

  @Parameters(
      index = "1..*",
      paramLabel = "ID",
      description = "Ids of records as list shows them, or names of their variables.")
  private List<String> ids = List.of();

  @Option(
      names = "--dump",
      paramLabel = "N",
      description = "Erase all records of this dump, as list numbers them.")
  private Integer number;

  @Option(names = "--all", description = "Erase all crash records.")
  private boolean all;

  @Mixin private HelpOption help;
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    if ((ids.isEmpty() ? 0 : 1) + (number == null ? 0 : 1) + (all ? 1 : 0) != 1) {
      throw new ParameterException(spec.commandLine(), "Give either ids, --dump or --all");
    }
    try (OpenStore store = OpenStore.forWriting(file, FirmwarePhase.RUNTIME)) {
      CrashEraser eraser = new CrashEraser(store.services());
      CrashRecords found = store.crashRecords(spec.commandLine().getErr());
      // The oldest part first, so that what a failure leaves is the end of the log.
      for (CrashRecord record : chosen(found).reversed()) {
        String call = "SetVariable " + Printable.quoted(record.name().text());
        store.requireSuccess(eraser.erase(record), call);
        spec.commandLine().getOut().println(call + ": erased");
      }
    }
  }

  private List<CrashRecord> chosen(CrashRecords found) {
    if (all) {
      return found.records();
    }
    if (number != null) {
      return found.dump(number).parts();
    }
    Set<CrashRecord> chosen = new LinkedHashSet<>();
    ids.forEach(id -> chosen.add(find(id, found.records())));
    return List.copyOf(chosen);
  }

  private static CrashRecord find(String id, List<CrashRecord> records) {
    List<CrashRecord> matches =
        records.stream()
            .filter(
                record ->
                    record.name().text().equals(id) || RecordId.text(record.name().id()).equals(id))
            .toList();
    if (matches.isEmpty()) {
      throw new CliException("no crash record has this id: id=" + id);
    }
    if (matches.size() > 1) {
      throw new CliException(
          "several crash records have this id, name the variable instead: id="
              + id
              + ", variables="
              + matches.stream()
                  .map(record -> record.name().text())
                  .collect(Collectors.joining(", ")));
    }
    return matches.getFirst();
  }
}

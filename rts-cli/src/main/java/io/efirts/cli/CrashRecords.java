// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.RuntimeServices;
import io.efirts.pstore.read.CrashDump;
import io.efirts.pstore.read.CrashRecord;
import io.efirts.pstore.read.CrashRecordReader;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * The dumps of a store. A dump's number is its place among them, from 1, oldest first.
 *
 * @param dumps oldest first
 */
record CrashRecords(List<CrashDump> dumps) {
  /**
   * Reads what can be read.
   *
   * @param err told of each variable that is no record, and of a walk that did not come to its end
   * @throws CliException if there was something and nothing of it could be read
   */
  static CrashRecords read(RuntimeServices services, int recordLimitBytes, PrintWriter err) {
    List<String> problems = new ArrayList<>();
    CrashRecordReader reader =
        new CrashRecordReader(
            services,
            recordLimitBytes,
            entry ->
                problems.add(
                    "passed over " + Printable.quoted(entry.name()) + ": " + entry.explanation()));
    List<CrashRecord> records = reader.readAll();
    if (!reader.end().isComplete()) {
      problems.add("there may be more crash records: " + reader.end().explanation());
    }
    problems.forEach(problem -> CommandErrors.print(err, problem));
    if (records.isEmpty() && !problems.isEmpty()) {
      throw new CliException("no crash record could be read");
    }
    return new CrashRecords(CrashDump.group(records));
  }

  /** The records of all dumps, those of a dump by their part numbers. */
  List<CrashRecord> records() {
    return dumps.stream().flatMap(dump -> dump.parts().stream()).toList();
  }

  /** The dump of this number. */
  CrashDump dump(int number) {
    if (number < 1 || number > dumps.size()) {
      throw new CliException(
          "the dump's number must be one that list shows: dump="
              + number
              + ", dumps="
              + dumps.size());
    }
    return dumps.get(number - 1);
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.read;

import io.efirts.pstore.format.RecordForm;
import io.efirts.pstore.format.RecordName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds out which records are parts of one dump.
 *
 * <p>Names do not say it: the count begins anew at each boot, old names have none, and each part is
 * stamped when it is written. But the parts of a dump are written one after the other, part 1
 * first, so in the order of time the part numbers of one dump rise; a number that does not rise is
 * of another dump.
 */
final class DumpGrouping {
  private static final Comparator<RecordName> AS_WRITTEN =
      Comparator.comparingLong(RecordName::seconds)
          .thenComparingInt(RecordName::part)
          .thenComparing(RecordName::text);

  private final List<List<CrashRecord>> dumps = new ArrayList<>();

  /** Those that may still grow, in the order in which they began. */
  private final Map<Series, List<List<CrashRecord>>> open = new HashMap<>();

  /** All dumps that names alone do not tell apart. */
  private record Series(int type, int count, boolean counted) {}

  /** The parts of each dump in rising order, in no order of dumps. */
  static List<List<CrashRecord>> group(Collection<CrashRecord> records) {
    DumpGrouping grouping = new DumpGrouping();
    records.stream()
        .sorted(Comparator.comparing(CrashRecord::name, AS_WRITTEN))
        .forEach(grouping::add);
    return grouping.dumps;
  }

  private void add(CrashRecord record) {
    RecordName name = record.name();
    List<List<CrashRecord>> candidates =
        open.computeIfAbsent(seriesOf(name), key -> new ArrayList<>());
    candidates.removeIf(dump -> gap(dump, name) > CrashDump.MAX_GAP_SECONDS);
    // The newest first: a dump with missing parts must not take those of its successor.
    for (List<CrashRecord> dump : candidates.reversed()) {
      if (dump.getLast().name().part() < name.part()) {
        dump.add(record);
        return;
      }
    }
    List<CrashRecord> dump = new ArrayList<>();
    dump.add(record);
    candidates.add(dump);
    dumps.add(dump);
  }

  private static Series seriesOf(RecordName name) {
    return new Series(name.type(), name.count(), name.form() != RecordForm.WITHOUT_COUNT);
  }

  private static long gap(List<CrashRecord> dump, RecordName name) {
    return name.seconds() - dump.getLast().name().seconds();
  }
}

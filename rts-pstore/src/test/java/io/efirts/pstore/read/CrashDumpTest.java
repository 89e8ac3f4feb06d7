// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.read;

import static io.efirts.pstore.read.VariableShelf.record;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.pstore.format.DumpReason;
import io.efirts.pstore.format.RecordName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** I-17: the parts of a dump are found among all records and rebuild its log. */
class CrashDumpTest {
  private static List<String> group(String... names) {
    List<CrashRecord> records =
        Arrays.stream(names).map(name -> record("dump-type" + name, "")).toList();
    return CrashDump.group(records).stream()
        .map(
            dump ->
                String.join(
                    " ",
                    dump.parts().stream()
                        .map(part -> part.name().text().substring("dump-type".length()))
                        .toList()))
        .toList();
  }

  private static String log(CrashRecord... records) {
    List<CrashDump> dumps = CrashDump.group(List.of(records));
    assertEquals(1, dumps.size());
    return new String(dumps.getFirst().log(), StandardCharsets.UTF_8);
  }

  @Test
  void noRecordsAreNoDumps() {
    assertEquals(List.of(), CrashDump.group(List.of()));
  }

  @Test
  void partsAreOrderedByNumberAndDumpsByTime() {
    assertEquals(
        List.of("0-1-1-900-D", "0-1-1-1000-C 0-2-1-1000-D 0-10-1-1000-C"),
        group("0-10-1-1000-C", "0-2-1-1000-D", "0-1-1-900-D", "0-1-1-1000-C"));
  }

  @Test
  void theClockMayRunWhileADumpIsWritten() {
    assertEquals(
        List.of("0-1-1-1000-C 0-2-1-1001-C 0-3-1-1061-C 0-4-1-1121-C"),
        group("0-1-1-1000-C", "0-2-1-1001-C", "0-3-1-1061-C", "0-4-1-1121-C"));
  }

  @Test
  void aPartMuchLaterIsOfAnotherDump() {
    assertEquals(List.of("0-1-1-1000-C", "0-2-1-1061-C"), group("0-1-1-1000-C", "0-2-1-1061-C"));
  }

  @Test
  void countTypeAndFormTellDumpsApart() {
    assertEquals(
        List.of("0-3-1000", "0-2-1-1000", "0-1-2-1000-D", "1-1-1-1000-D"),
        group("0-1-2-1000-D", "0-2-1-1000", "0-3-1000", "1-1-1-1000-D"));
  }

  @Test
  void theCountBeginsAnewAtEachBoot() {
    assertEquals(
        List.of("0-1-1-1000-C 0-2-1-1000-C", "0-1-1-1005-C 0-2-1-1005-C 0-3-1-1005-C"),
        group("0-1-1-1000-C", "0-2-1-1000-C", "0-1-1-1005-C", "0-2-1-1005-C", "0-3-1-1005-C"));
  }

  @Test
  void twinsOfAPartAreOfTwoDumps() {
    assertEquals(
        List.of("0-1-1-1000-C 0-2-1-1000-D", "0-1-1-1000-D 0-2-1-1000-C"),
        group("0-1-1-1000-C", "0-1-1-1000-D", "0-2-1-1000-C", "0-2-1-1000-D"));
  }

  @Property(seed = "1", tries = 300)
  void everyRecordIsInExactlyOneDumpWithRisingParts(
      @ForAll @IntRange(max = 60) int size, @ForAll long seed) {
    Random random = new Random(seed);
    List<CrashRecord> records = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      records.add(
          new CrashRecord(
              RecordName.of(
                  0, random.nextInt(6), random.nextInt(2), random.nextInt(300), i % 2 == 0),
              new byte[0]));
    }
    List<CrashDump> dumps = CrashDump.group(records);

    List<CrashRecord> grouped = dumps.stream().flatMap(dump -> dump.parts().stream()).toList();
    assertEquals(records.size(), grouped.size());
    assertEquals(new HashSet<>(records), new HashSet<>(grouped));
    for (CrashDump dump : dumps) {
      for (int i = 1; i < dump.parts().size(); i++) {
        assertTrue(dump.parts().get(i - 1).name().part() < dump.parts().get(i).name().part());
      }
    }
  }

  @Property(seed = "1", tries = 300)
  void aLogCutIntoPartsIsRebuiltWhateverTheirOrder(
      @ForAll @IntRange(min = 1, max = 30) int parts, @ForAll long seed) {
    Random random = new Random(seed);
    StringBuilder log = new StringBuilder();
    List<CrashRecord> records = new ArrayList<>();
    for (int part = parts; part >= 1; part--) {
      // Some parts end in the middle of a line.
      String text = "<6>line of part " + part + (random.nextBoolean() ? "\n" : "");
      log.append(text);
      records.add(
          record(
              "dump-type0-" + part + "-1-" + (1000 + 7 * part) + "-D",
              "Oops#1 Part" + part + "\n" + text));
    }
    Collections.shuffle(records, random);

    assertEquals(log.toString(), log(records.toArray(CrashRecord[]::new)));
  }

  @Test
  void missingPartsAreNamedWhereTheyWere() {
    assertEquals(
        "eight\n[parts 6 to 7 are missing]\nfive\n[part 4 is missing]\nthree\n"
            + "[parts 1 to 2 are missing]\n",
        log(
            record("dump-type0-3-1-1000-D", "Oops#1 Part3\nthree\n"),
            record("dump-type0-5-1-1000-D", "Oops#1 Part5\nfive"),
            record("dump-type0-8-1-1000-D", "Oops#1 Part8\neight\n")));
  }

  @Test
  void aMissingPartNumberedBeyondReasonTakesOneLine() {
    assertEquals(
        "text\n[parts 1 to 2147483646 are missing]\n",
        log(record("dump-type0-2147483647-1-1000-D", "Oops#1 Part7\ntext\n")));
  }

  @Test
  void aPartThatCannotBeDecodedIsNamed() {
    assertEquals(
        "two\n[part 1 cannot be decoded]\n",
        log(
            record("dump-type0-1-1-1000-C", "no deflate stream"),
            record("dump-type0-2-1-1000-D", "Oops#1 Part2\ntwo\n")));
  }

  @Test
  void textWithoutHeaderIsKeptWhole() {
    assertEquals("just text\n", log(record("dump-type0-1-1000", "just text\n")));
    assertEquals("", log(record("dump-type0-1-1000", "")));
  }

  @Test
  void theReasonIsThatOfTheFirstHeaderThatCanBeRead() {
    assertEquals(
        List.of(DumpReason.PANIC, DumpReason.UNDEFINED, DumpReason.EMERGENCY),
        CrashDump.group(
                List.of(
                    record("dump-type0-1-1-1000-C", "damaged"),
                    record("dump-type0-2-1-1000-D", "Panic#1 Part2\n"),
                    record("dump-type0-1-1-2000-C", "damaged"),
                    record("dump-type0-1-1-3000-D", "Emergency#1 Part1\n")))
            .stream()
            .map(CrashDump::reason)
            .toList());
  }

  @Test
  void aDumpTellsWhatItsNamesSay() {
    CrashDump dump =
        CrashDump.group(
                Stream.of("0-2-7-1001-D", "0-1-7-1000-D")
                    .map(name -> record("dump-type" + name, "four"))
                    .toList())
            .getFirst();

    assertEquals(0, dump.type());
    assertEquals(7, dump.count());
    assertEquals(1000, dump.seconds());
    assertEquals(8, dump.storedBytes());
  }
}

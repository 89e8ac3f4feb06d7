// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.read;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.IntHolder;
import io.efirts.api.LongHolder;
import io.efirts.api.Outcome;
import io.efirts.api.VariableNameCursor;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.pstore.format.CrashVariable;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** I-19: reading meets each record once, whatever lies between them, and ends. */
class CrashRecordReaderTest {
  private static final String FIRST = "dump-type0-1-1-1000-D";
  private static final String SECOND = "dump-type0-2-1-1000-C";

  private final List<SkippedEntry> skipped = new ArrayList<>();

  private CrashRecordReader reader(VariableShelf shelf) {
    return new CrashRecordReader(shelf.services(), skipped::add);
  }

  private static List<String> names(List<CrashRecord> records) {
    return records.stream().map(record -> record.name().text()).toList();
  }

  @Test
  void recordsComeInTheStoresOrderWithTheirBytes() {
    CrashRecordReader reader =
        reader(new VariableShelf().with(SECOND, (byte) 1, (byte) 2).with(FIRST));

    CrashRecord second = reader.next();
    assertEquals(SECOND, second.name().text());
    assertArrayEquals(new byte[] {1, 2}, second.stored());
    assertNull(reader.end());
    assertEquals(FIRST, reader.next().name().text());
    assertNull(reader.next());
    assertTrue(reader.end().isComplete());
    assertNull(reader.next());
    assertEquals(List.of(), skipped);
  }

  @Test
  void whatIsNoRecordIsReportedAndHidesNothing() {
    String longName = "x".repeat(500);
    VariableShelf shelf =
        new VariableShelf()
            .withForeign("Boot0000", (byte) 1)
            .with("dump-type0-1-1-1000-X", (byte) 1)
            .withForeign(FIRST, (byte) 1)
            .with(FIRST)
            .with("dump-type0-3-1-1000-D", new byte[2049])
            .with(longName)
            .with(SECOND, new byte[2048]);
    CrashRecordReader reader = new CrashRecordReader(shelf.services(), 2048, skipped::add);

    assertEquals(List.of(FIRST, SECOND), names(reader.readAll()));
    assertTrue(reader.end().isComplete());
    assertEquals(2, reader.foreignVariables());
    assertEquals(
        List.of("dump-type0-1-1-1000-X", "dump-type0-3-1-1000-D", longName),
        skipped.stream().map(SkippedEntry::name).toList());
    assertEquals(
        List.of(SkipReason.MALFORMED_NAME, SkipReason.TOO_LARGE, SkipReason.MALFORMED_NAME),
        skipped.stream().map(SkippedEntry::reason).toList());
    assertEquals(CrashVariable.GUID, skipped.getFirst().guid());
    assertEquals(2049, skipped.get(1).sizeBytes());
    assertEquals("it is too large: bytes=2049", skipped.get(1).explanation());
    assertEquals("its name is not that of a crash record", skipped.getFirst().explanation());
  }

  @ParameterizedTest
  @ValueSource(longs = {EfiStatusCode.DEVICE_ERROR, EfiStatusCode.NOT_FOUND})
  void aRecordThatFirmwareDoesNotGiveIsReportedAndHidesNothing(long status) {
    VariableShelf shelf =
        new VariableShelf() {
          @Override
          CallResult getVariable(Key key, IntHolder attributes, LongHolder size, MemorySegment d) {
            return key.name().equals(FIRST)
                ? CallResult.completed(status)
                : super.getVariable(key, attributes, size, d);
          }
        }.with(FIRST).with(SECOND);
    CrashRecordReader reader = reader(shelf);

    assertEquals(List.of(SECOND), names(reader.readAll()));
    assertTrue(reader.end().isComplete());
    assertEquals(SkipReason.UNREADABLE, skipped.getFirst().reason());
    assertEquals(CallResult.completed(status), skipped.getFirst().result());
    assertTrue(skipped.getFirst().explanation().startsWith("it cannot be read: EFI_"));
  }

  @Test
  void aRefusalEndsTheWalkAndIsNamed() {
    CallResult closed = CallResult.refused(Outcome.CLOSED, false, false);
    VariableShelf shelf =
        new VariableShelf() {
          @Override
          CallResult getVariable(Key key, IntHolder attributes, LongHolder size, MemorySegment d) {
            return closed;
          }
        }.with(FIRST).with(SECOND);
    CrashRecordReader reader = reader(shelf);

    assertEquals(List.of(), reader.readAll());
    assertEquals(new ReadEnd(ReadEnd.Cause.SERVICE_FAILED, closed), reader.end());
    assertEquals(List.of(), skipped);
  }

  @Test
  void anErrorOfFirmwaresEndsTheWalkAndIsNamed() {
    VariableShelf shelf =
        new VariableShelf() {
          @Override
          CallResult getNextVariableName(VariableNameCursor cursor) {
            return cursor.name().equals(FIRST)
                ? CallResult.completed(EfiStatusCode.DEVICE_ERROR)
                : super.getNextVariableName(cursor);
          }
        }.with(FIRST).with(SECOND);
    CrashRecordReader reader = reader(shelf);

    assertEquals(List.of(FIRST), names(reader.readAll()));
    assertEquals(ReadEnd.Cause.SERVICE_FAILED, reader.end().cause());
    assertFalse(reader.end().isComplete());
    assertEquals("firmware could not go on: EFI_DEVICE_ERROR", reader.end().explanation());
  }

  @Test
  void aWalkThatCirclesMeetsEachOnceAndEnds() {
    VariableShelf shelf =
        new VariableShelf() {
          @Override
          CallResult getNextVariableName(VariableNameCursor cursor) {
            return cursor.name().equals(SECOND)
                ? step(cursor, 0)
                : super.getNextVariableName(cursor);
          }
        }.with(FIRST).with(SECOND);
    CrashRecordReader reader = reader(shelf);

    assertEquals(List.of(FIRST, SECOND), names(reader.readAll()));
    assertEquals(ReadEnd.Cause.ASTRAY, reader.end().cause());
    assertEquals("firmware repeats variable names", reader.end().explanation());
  }

  @Test
  void entriesWithoutEndAreEnded() {
    int[] steps = {0};
    VariableShelf shelf =
        new VariableShelf() {
          @Override
          CallResult getNextVariableName(VariableNameCursor cursor) {
            return stepTo(
                cursor, new Key("dump-type0-1-1-" + steps[0]++ + "-D", CrashVariable.GUID));
          }

          @Override
          CallResult getVariable(Key key, IntHolder attributes, LongHolder size, MemorySegment d) {
            size.value = 0;
            return CallResult.completed(EfiStatusCode.SUCCESS);
          }
        };
    CrashRecordReader reader = reader(shelf);

    assertEquals(CrashRecordReader.ENTRY_LIMIT, reader.readAll().size());
    assertEquals(ReadEnd.Cause.TOO_MANY_ENTRIES, reader.end().cause());
    assertEquals(CrashRecordReader.ENTRY_LIMIT + 1, steps[0]);
    assertEquals("there are too many entries: limit=65536", reader.end().explanation());
  }

  @Test
  void recordsOfAllTheMemoryThereIsAreEnded() {
    byte[] large = new byte[1 << 20];
    VariableShelf shelf = new VariableShelf();
    for (int i = 0; i < 65; i++) {
      shelf.with("dump-type0-1-1-" + i + "-D", large);
    }
    CrashRecordReader reader = new CrashRecordReader(shelf.services(), 1 << 20, skipped::add);
    int records = 0;
    while (reader.next() != null) {
      records++;
    }

    assertEquals(CrashRecordReader.TOTAL_LIMIT_BYTES / large.length, records);
    assertEquals(ReadEnd.Cause.TOO_MANY_BYTES, reader.end().cause());
    assertEquals("the records are too large together: limit=67108864", reader.end().explanation());
  }

  @Test
  void misuseIsNamed() {
    VariableShelf shelf = new VariableShelf();
    assertEquals(
        "recordLimitBytes must be at least 2: recordLimitBytes=1",
        assertThrows(
                IllegalArgumentException.class,
                () -> new CrashRecordReader(shelf.services(), 1, skipped::add))
            .getMessage());
    assertEquals(
        "skipped",
        assertThrows(
                NullPointerException.class, () -> new CrashRecordReader(shelf.services(), null))
            .getMessage());
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.quota;

import static io.efirts.pstore.read.VariableShelf.record;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.pstore.format.RecordName;
import io.efirts.pstore.read.CrashDump;
import io.efirts.pstore.read.CrashEraser;
import io.efirts.pstore.read.CrashRecord;
import io.efirts.pstore.read.CrashRecordReader;
import io.efirts.pstore.read.VariableShelf;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DumpQuotaTest {
  private static final List<CrashRecord> RECORDS =
      List.of(
          record("dump-type0-1-1-2000-D", "x".repeat(30)),
          record("dump-type0-1-1-1000-D", "x".repeat(10)),
          record("dump-type0-2-1-1000-D", "x".repeat(10)),
          record("dump-type0-1-1-3000-D", "x".repeat(40)));

  private static List<Long> times(List<CrashDump> dumps) {
    return dumps.stream().map(CrashDump::seconds).toList();
  }

  @ParameterizedTest
  @CsvSource({"90, 0", "89, 1", "70, 1", "69, 2", "40, 2", "39, 3", "0, 3"})
  void wholeDumpsGoOldestFirst(long limit, int gone) {
    assertEquals(
        List.of(1000L, 2000L, 3000L).subList(0, gone),
        times(new DumpQuota(limit).excess(CrashDump.group(RECORDS).reversed())));
  }

  @Property(seed = "1", tries = 300)
  void theRestIsWithinTheQuotaAndNoDumpGoesNeedlessly(
      @ForAll @IntRange(max = 20) int size,
      @ForAll @IntRange(max = 2000) int limit,
      @ForAll long seed) {
    Random random = new Random(seed);
    List<CrashRecord> records = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      records.add(
          new CrashRecord(RecordName.of(0, 1, 1, 1000L * i, false), new byte[random.nextInt(200)]));
    }
    List<CrashDump> dumps = new ArrayList<>(CrashDump.group(records));
    Collections.shuffle(dumps, random);
    List<CrashDump> gone = new DumpQuota(limit).excess(dumps);
    List<CrashDump> rest = new ArrayList<>(dumps);
    rest.removeAll(gone);

    long restBytes = rest.stream().mapToLong(CrashDump::storedBytes).sum();
    assertTrue(restBytes <= limit);
    assertTrue(gone.isEmpty() || restBytes + gone.getLast().storedBytes() > limit);
    for (CrashDump dump : gone) {
      assertTrue(rest.stream().allMatch(kept -> kept.seconds() > dump.seconds()));
    }
  }

  @Test
  void evictingErasesThemAndNothingElse() {
    VariableShelf shelf = new VariableShelf();
    RECORDS.forEach(shelf::with);
    CrashEraser eraser = new CrashEraser(shelf.services());
    DumpQuota quota = new DumpQuota(40);

    Eviction eviction = quota.evict(CrashDump.group(RECORDS), eraser);

    assertTrue(eviction.result().isSuccess());
    assertEquals(List.of(1000L, 2000L), times(eviction.evicted()));
    CrashRecordReader reader = new CrashRecordReader(shelf.services(), skipped -> {});
    List<CrashDump> rest = CrashDump.group(reader.readAll());
    assertEquals(List.of(3000L), times(rest));
    assertEquals(List.of(), quota.evict(rest, eraser).evicted());
  }

  @Test
  void aNegativeQuotaIsRefused() {
    assertEquals(
        "limitBytes must not be negative: limitBytes=-1",
        assertThrows(IllegalArgumentException.class, () -> new DumpQuota(-1)).getMessage());
  }
}

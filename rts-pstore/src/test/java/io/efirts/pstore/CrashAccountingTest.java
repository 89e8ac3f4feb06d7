// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.pstore.report.RecordCounter;
import io.efirts.pstore.report.RecordLoss;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * I-18: over 10,000 random schedules of dumps, panics, resets, rounds and closes, each of which may
 * come in any step of another, every record that was attempted is written, or written late, or
 * dropped; each one that was dropped is told of exactly once; and the store holds what was counted
 * as written.
 *
 * <p>A failure names its seed; run again with {@code -Dschedule.seed}, the first seed, and {@code
 * -Dschedule.records.count}, how many.
 */
@Timeout(120)
class CrashAccountingTest {
  private static final long FIRST_SEED = Long.getLong("schedule.seed", 1);
  private static final int COUNT = Integer.getInteger("schedule.records.count", 10_000);

  /** From here on the schedules are many enough to meet everything. */
  private static final int ENOUGH = 5_000;

  private static final Set<RecordCounter> ENDS =
      EnumSet.of(RecordCounter.WRITTEN, RecordCounter.WRITTEN_LATE, RecordCounter.DROPPED);

  @Test
  void everyRecordIsAccountedFor() {
    long[] totals = new long[RecordCounter.values().length];
    Set<RecordLoss> losses = EnumSet.noneOf(RecordLoss.class);
    for (long seed = FIRST_SEED; seed < FIRST_SEED + COUNT; seed++) {
      CrashSchedule schedule = new CrashSchedule(seed);
      try {
        schedule.run();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("schedule failed: seed=" + seed + ": " + e + "\n" + schedule, e);
      }
      losses.addAll(schedule.losses());
      for (RecordCounter counter : RecordCounter.values()) {
        totals[counter.ordinal()] += schedule.count(counter);
      }
    }
    StringBuilder line = new StringBuilder("records of " + COUNT + " schedules:");
    for (RecordCounter counter : RecordCounter.values()) {
      line.append(' ').append(counter).append('=').append(totals[counter.ordinal()]);
    }
    System.out.println(line);
    if (COUNT >= ENOUGH) {
      assertEquals(EnumSet.allOf(RecordLoss.class), losses, "every loss must be met");
      for (RecordCounter counter : ENDS) {
        assertTrue(totals[counter.ordinal()] > COUNT / 10, line::toString);
      }
    }
  }
}

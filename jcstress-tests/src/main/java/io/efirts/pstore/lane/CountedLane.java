// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.lane;

import io.efirts.api.spi.StepHook;
import io.efirts.pstore.policy.WhenFull;
import io.efirts.pstore.record.RecordBuffer;
import io.efirts.pstore.record.RecordCounts;
import io.efirts.pstore.report.RecordCounter;
import io.efirts.pstore.report.RecordLoss;

/** A lane and what became of its records. */
final class CountedLane {
  final DeferredLane lane;
  private final RecordCounts counts = new RecordCounts();

  CountedLane(int slots, WhenFull whenFull) {
    this(slots, whenFull, null);
  }

  CountedLane(int slots, WhenFull whenFull, StepHook steps) {
    lane = new DeferredLane(slots, Records.BYTES, whenFull, counts, steps);
  }

  /** A lane of one slot that has a record in it. */
  static CountedLane holding(RecordBuffer record, WhenFull whenFull) {
    CountedLane counted = new CountedLane(1, whenFull);
    counted.lane.put(record);
    return counted;
  }

  /** Takes the record to write it, before the race. */
  LaneTake taken() {
    LaneTake take = new LaneTake();
    lane.takeOldest(take);
    return take;
  }

  /** Writes what is there, in one thread's turn; tells the last record that it took. */
  String flush() {
    LaneTake take = new LaneTake();
    String last = "nothing";
    while (lane.takeOldest(take)) {
      last = Records.tell(take.record());
      lane.written(take);
    }
    return last;
  }

  /** What an emergency does at its end. */
  void sealAndGiveUp() {
    lane.seal();
    lane.giveUp(RecordLoss.CLOSED);
  }

  /**
   * What became of the records, when all are through: how many were written late, why others were
   * dropped, and how many are still there.
   */
  String fates() {
    StringBuilder reasons = new StringBuilder();
    int[] noted = new int[1];
    counts
        .losses()
        .drain(
            (id, why) -> {
              noted[0]++;
              reasons.append(' ').append(why);
            });
    String dropped =
        noted[0] == counts.read(RecordCounter.DROPPED) ? "dropped" + reasons : "miscounted";
    return "late " + late() + ", " + dropped + ", left " + lane.occupied();
  }

  /** How many records have left or are still there, when all are through. */
  int accounted() {
    return late() + (int) counts.read(RecordCounter.DROPPED) + lane.occupied();
  }

  private int late() {
    return (int) counts.read(RecordCounter.WRITTEN_LATE);
  }
}

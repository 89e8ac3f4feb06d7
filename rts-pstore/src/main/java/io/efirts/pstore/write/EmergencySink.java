// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.write;

import io.efirts.api.CallResult;
import io.efirts.dispatch.emergency.Emergency;
import io.efirts.pstore.record.RecordBuffer;
import io.efirts.pstore.record.RecordCounts;
import io.efirts.pstore.report.RecordCounter;
import io.efirts.pstore.report.RecordLoss;

/** Writes a panic's records: there is no later. For the panicking thread. */
public final class EmergencySink implements RecordSink {
  private final RecordCounts counts;
  private Emergency emergency;
  private RecordLoss lastLoss;
  private int taken;

  /**
   * A sink that has no firmware yet.
   *
   * @param counts counts the records
   */
  public EmergencySink(RecordCounts counts) {
    this.counts = counts;
  }

  /**
   * Gives it the firmware.
   *
   * @param takenOver what the panicking thread has
   */
  public void open(Emergency takenOver) {
    emergency = takenOver;
    taken = 0;
  }

  @Override
  public boolean take(RecordBuffer record) {
    counts.count(RecordCounter.ATTEMPTED);
    taken++;
    if (write(record)) {
      counts.count(RecordCounter.WRITTEN);
      return true;
    }
    counts.dropped(record.id(), lastLoss);
    return false;
  }

  /**
   * Writes a record that was counted as attempted before.
   *
   * @param record which
   * @return true if it is written, otherwise see {@link #lastLoss}
   */
  public boolean write(RecordBuffer record) {
    try {
      CallResult result = record.writeBy(emergency);
      WriteAnswer answer = WriteAnswer.of(result);
      boolean refused = answer == WriteAnswer.REFUSED || answer == WriteAnswer.NO_SPACE;
      lastLoss = refused ? answer.loss() : RecordLoss.NO_FIRMWARE;
      return answer == WriteAnswer.WRITTEN;
    } catch (Throwable thrown) {
      // Whatever it is, the other records and the reset are still to come.
      counts.count(RecordCounter.FAILURES);
      lastLoss = RecordLoss.NO_FIRMWARE;
      return false;
    }
  }

  /**
   * Why the last record was not written.
   *
   * @return the reason
   */
  public RecordLoss lastLoss() {
    return lastLoss;
  }

  /**
   * How many records were taken since {@link #open}.
   *
   * @return written or not
   */
  public int taken() {
    return taken;
  }
}

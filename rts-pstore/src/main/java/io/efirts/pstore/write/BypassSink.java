// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.write;

import io.efirts.api.CallResult;
import io.efirts.api.NonBlockingRuntimeServices;
import io.efirts.pstore.lane.DeferredLane;
import io.efirts.pstore.record.RecordBuffer;
import io.efirts.pstore.record.RecordCounts;
import io.efirts.pstore.record.WrittenRecords;
import io.efirts.pstore.report.DumpOutcome;
import io.efirts.pstore.report.RecordCounter;

/**
 * Writes records past the queue, and keeps those for later that cannot be written now. One platform
 * thread at a time, in any state.
 */
public final class BypassSink implements RecordSink {
  private final NonBlockingRuntimeServices services;
  private final DeferredLane lane;
  private final RecordCounts counts;
  private final WrittenRecords announcements;
  private int written;
  private int deferred;
  private int lost;

  /**
   * A sink.
   *
   * @param services makes the calls
   * @param lane keeps what was not written
   * @param counts counts the records
   * @param announcements take note of each that is written
   */
  public BypassSink(
      NonBlockingRuntimeServices services,
      DeferredLane lane,
      RecordCounts counts,
      WrittenRecords announcements) {
    this.services = services;
    this.lane = lane;
    this.counts = counts;
    this.announcements = announcements;
  }

  /** Forgets what became of earlier records. */
  public void begin() {
    written = 0;
    deferred = 0;
    lost = 0;
  }

  /**
   * What became of the records since {@link #begin}.
   *
   * @return the worst that happened to any
   */
  public DumpOutcome outcome() {
    if (lost != 0) {
      return DumpOutcome.LOST;
    }
    if (deferred != 0) {
      return DumpOutcome.DEFERRED;
    }
    return written == 0 ? DumpOutcome.SKIPPED : DumpOutcome.WRITTEN;
  }

  @Override
  public boolean take(RecordBuffer record) {
    counts.count(RecordCounter.ATTEMPTED);
    WriteAnswer answer = write(record);
    if (answer == WriteAnswer.WRITTEN) {
      written++;
      counts.count(RecordCounter.WRITTEN);
      announcements.written(record);
      return true;
    }
    long evicted = lane.evicted();
    if (answer == WriteAnswer.REFUSED) {
      lost++;
      counts.dropped(record.id(), answer.loss());
    } else if (lane.put(record)) {
      // Of an emergency too: it has not sealed the lane yet, and may still write this one.
      deferred++;
      // By this thread: nobody else puts records in while it has the right to dump.
      lost += lane.evicted() == evicted ? 0 : 1;
    } else {
      lost++;
    }
    return false;
  }

  private WriteAnswer write(RecordBuffer record) {
    try {
      CallResult result = record.writeBy(services);
      return WriteAnswer.of(result);
    } catch (Throwable thrown) {
      // Such as the embedder's interrupt control: an attempt must end as one of what is counted.
      counts.count(RecordCounter.FAILURES);
      return WriteAnswer.LATER;
    }
  }
}

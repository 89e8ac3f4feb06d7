// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.record;

import io.efirts.pstore.report.RecordCounter;
import io.efirts.pstore.report.RecordLoss;
import java.util.concurrent.atomic.AtomicLongArray;

/** The counters, and the log of what they count as dropped. Any thread, in any state. */
public final class RecordCounts {
  private final AtomicLongArray counts = new AtomicLongArray(RecordCounter.values().length);
  private final LossLog losses = new LossLog();

  /** All zero. */
  public RecordCounts() {}

  /**
   * Counts one.
   *
   * @param counter what
   */
  public void count(RecordCounter counter) {
    counts.getAndIncrement(counter.ordinal());
  }

  /**
   * Counts a lost record, and notes which.
   *
   * @param id its number
   * @param why the reason
   */
  public void dropped(long id, RecordLoss why) {
    // First, so that whoever has read the count finds the record.
    losses.note(id, why);
    count(RecordCounter.DROPPED);
  }

  /**
   * How often something was counted.
   *
   * @param counter what
   * @return the count at this moment
   */
  public long read(RecordCounter counter) {
    return counts.get(counter.ordinal());
  }

  /**
   * Which records were lost and not reported yet.
   *
   * @return always the same log
   */
  public LossLog losses() {
    return losses;
  }
}

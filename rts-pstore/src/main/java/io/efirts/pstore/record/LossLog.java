// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.record;

import io.efirts.pstore.report.RecordLoss;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Which records were lost, until somebody reports them. Unordered: any free cell takes the next, so
 * a thread stopped in the middle holds up nobody.
 *
 * <p>Any thread, in any state; nothing allocates, locks or waits.
 */
public final class LossLog {
  /** Receives what is taken out. */
  @FunctionalInterface
  public interface Report {
    /**
     * A record was lost.
     *
     * @param id its number; 0 if it had none yet
     * @param why the reason
     */
    void lost(long id, RecordLoss why);
  }

  private static final int CELLS = 512;
  private static final int REASON_SHIFT = 56;
  private static final long ID_MASK = (1L << REASON_SHIFT) - 1;
  private static final long EMPTY = 0;
  private static final RecordLoss[] REASONS = RecordLoss.values();

  private final AtomicLongArray cells = new AtomicLongArray(CELLS);
  private final AtomicLong unnamed = new AtomicLong();

  /** Nothing lost. */
  public LossLog() {}

  /**
   * Notes a loss.
   *
   * @param id the record's number
   * @param why the reason
   */
  public void note(long id, RecordLoss why) {
    // One more than the code, so that no entry looks like an empty cell.
    long entry = (long) (why.ordinal() + 1) << REASON_SHIFT | id & ID_MASK;
    for (int i = 0; i < CELLS; i++) {
      if (cells.getOpaque(i) == EMPTY && cells.compareAndSet(i, EMPTY, entry)) {
        return;
      }
    }
    unnamed.getAndIncrement();
  }

  /**
   * Takes out what is there. Each entry reaches one caller.
   *
   * @param report told of each
   */
  public void drain(Report report) {
    for (int i = 0; i < CELLS; i++) {
      if (cells.getOpaque(i) != EMPTY) {
        long entry = cells.getAndSet(i, EMPTY);
        if (entry != EMPTY) {
          report.lost(entry & ID_MASK, REASONS[(int) (entry >>> REASON_SHIFT) - 1]);
        }
      }
    }
  }

  /**
   * Whether there is something to take out.
   *
   * @return false if no cell is taken
   */
  public boolean isEmpty() {
    for (int i = 0; i < CELLS; i++) {
      if (cells.getOpaque(i) != EMPTY) {
        return false;
      }
    }
    return true;
  }

  /**
   * How many losses found no cell: they are counted, and nobody knows their numbers.
   *
   * @return the count since the start
   */
  public long unnamed() {
    return unnamed.get();
  }
}

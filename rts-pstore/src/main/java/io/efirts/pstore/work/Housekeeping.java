// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.work;

import io.efirts.dispatch.rounds.RoundsThread;
import io.efirts.pstore.announce.Announcements;
import io.efirts.pstore.record.LossLog;
import io.efirts.pstore.record.RecordCounts;
import io.efirts.pstore.report.CrashRecordListener;
import io.efirts.pstore.report.RecordCounter;
import io.efirts.pstore.report.RecordLoss;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One round over what has to be done later. For one thread at a time; blocks in calls and
 * listeners.
 */
public final class Housekeeping {
  private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

  /** What could not be done now is tried again after this, and ever later. */
  static final long RETRY_NANOS = 50_000_000;

  private static final long LAST_RETRY_NANOS = 32 * RETRY_NANOS;

  private final LaneDrain drain;
  private final Announcements announcements;
  private final RecordCounts counts;
  private final List<CrashRecordListener> listeners;
  private final StoredDumps dumps;
  private boolean evictionDue = true;
  private long retryNanos = RETRY_NANOS;
  private final AtomicLong lossesUnnamedTold = new AtomicLong();

  /**
   * What there is to do.
   *
   * @param drain writes what was deferred
   * @param announcements tells what was written
   * @param counts has what was lost
   * @param listeners are told of it
   * @param dumps what is in the store, to make room in it
   */
  public Housekeeping(
      LaneDrain drain,
      Announcements announcements,
      RecordCounts counts,
      List<CrashRecordListener> listeners,
      StoredDumps dumps) {
    this.drain = drain;
    this.announcements = announcements;
    this.counts = counts;
    this.listeners = List.copyOf(listeners);
    this.dumps = dumps;
  }

  /**
   * Makes a round.
   *
   * @return how long the next one can wait: nanoseconds, or {@link RoundsThread#NEVER} until woken
   */
  public long round() {
    LaneDrain.End end = drain.drain();
    boolean noSpace = end == LaneDrain.End.NO_SPACE;
    evictionDue |= noSpace || !announcements.isEmpty();
    announcements.tell();
    tellLosses();
    if (evictionDue) {
      // Last: whatever firmware makes of it, what has happened was told.
      dumps.evict(noSpace);
      evictionDue = false;
    }
    if (end == LaneDrain.End.EMPTY) {
      retryNanos = RETRY_NANOS;
      return RoundsThread.NEVER;
    }
    long nanos = retryNanos;
    // Firmware may be disabled for good: then this must not cost processor time for good.
    retryNanos = Math.min(2 * retryNanos, LAST_RETRY_NANOS);
    return nanos;
  }

  /** Tells of what was lost. */
  public void tellLosses() {
    LossLog losses = counts.losses();
    losses.drain(this::tellLoss);
    long told = lossesUnnamedTold.get();
    long records = losses.unnamed() - told;
    // By one of two threads, where a close did not wait for the one that makes the rounds.
    if (records > 0 && lossesUnnamedTold.compareAndSet(told, told + records)) {
      LOG.warn("crash records lost: records={}", records);
      for (CrashRecordListener listener : listeners) {
        try {
          listener.lostUnnamed(records);
        } catch (Throwable thrown) {
          counts.count(RecordCounter.FAILURES);
        }
      }
    }
  }

  private void tellLoss(long id, RecordLoss why) {
    LOG.warn("crash record lost: id={}, why={}", Long.toUnsignedString(id), why);
    for (CrashRecordListener listener : listeners) {
      try {
        listener.lost(id, why);
      } catch (Throwable thrown) {
        counts.count(RecordCounter.FAILURES);
      }
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.write;

import io.efirts.api.spi.InterruptControl;
import io.efirts.pstore.format.DumpReason;
import io.efirts.pstore.log.KmsgSource;
import io.efirts.pstore.record.RecordCounts;
import io.efirts.pstore.report.DumpOutcome;
import io.efirts.pstore.report.RecordCounter;

/** A dump while the services are open: lock, then part after part past the queue. */
public final class DumpPath {
  /** A dump takes less, unless its thread was stopped. */
  private static final long LOCK_WAIT_NANOS = 100_000_000;

  private final DumpLock lock;
  private final InterruptControl interrupts;
  private final KmsgSource source;
  private final DumpWriter writer;
  private final BypassSink sink;
  private final DumpNumbers numbers;
  private final DumpReason lastDumped;
  private final RecordCounts counts;
  private final Runnable later;

  /**
   * A path.
   *
   * @param lock one dump at a time
   * @param interrupts defers cooperative stops while this has the lock
   * @param source the log
   * @param writer composes the records
   * @param sink takes them
   * @param numbers numbers the dumps
   * @param lastDumped reasons beyond this one are not dumped
   * @param counts counts dumps that are skipped
   * @param later run after a dump: there may be something to be done later; must not wait
   */
  public DumpPath(
      DumpLock lock,
      InterruptControl interrupts,
      KmsgSource source,
      DumpWriter writer,
      BypassSink sink,
      DumpNumbers numbers,
      DumpReason lastDumped,
      RecordCounts counts,
      Runnable later) {
    this.lock = lock;
    this.interrupts = interrupts;
    this.source = source;
    this.writer = writer;
    this.sink = sink;
    this.numbers = numbers;
    this.lastDumped = lastDumped;
    this.counts = counts;
    this.later = later;
  }

  /**
   * Dumps the log.
   *
   * @param reason why
   * @return what became of it
   */
  public DumpOutcome dump(DumpReason reason) {
    if (reason.compareTo(lastDumped) > 0) {
      return DumpOutcome.SKIPPED;
    }
    boolean mayWait = reason != DumpReason.PANIC && reason != DumpReason.EMERGENCY;
    while (true) {
      // Before the lock: a thread that has it cannot be stopped by the embedder.
      long previous = interrupts.disable();
      try {
        if (lock.tryLock()) {
          DumpOutcome outcome = dumpLocked(reason);
          // Not before: what is done later calls firmware too, and would be in the way of this
          // dump.
          later.run();
          return outcome;
        }
      } finally {
        interrupts.restore(previous);
      }
      if (!mayWait || !lock.awaitFree(LOCK_WAIT_NANOS)) {
        counts.count(RecordCounter.DUMPS_SKIPPED);
        return DumpOutcome.SKIPPED;
      }
      // Once: whoever comes first again may do so for ever.
      mayWait = false;
    }
  }

  private DumpOutcome dumpLocked(DumpReason reason) {
    try {
      sink.begin();
      writer.write(reason, numbers.next(), source, sink);
      return sink.outcome();
    } finally {
      lock.unlock();
    }
  }
}

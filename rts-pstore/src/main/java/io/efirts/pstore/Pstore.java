// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore;

import io.efirts.api.spec.ResetType;
import io.efirts.dispatch.Dispatcher;
import io.efirts.pstore.format.DumpReason;
import io.efirts.pstore.report.CrashRecordListener;
import io.efirts.pstore.report.DumpOutcome;
import io.efirts.pstore.report.PanicReport;
import io.efirts.pstore.report.RecordCounter;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Writes a log into EFI variables when something has failed, in the form that Linux's efi-pstore
 * reads.
 *
 * <p>{@link #dump} and {@link #panic} are for any platform thread in any state: inside the
 * firmware, interrupted, with the heap exhausted. What they need was made when this was started.
 */
public final class Pstore implements AutoCloseable {
  private final PstoreParts parts;
  private final Duration closeWait;

  Pstore(PstoreParts parts, Duration closeWait) {
    this.parts = parts;
    this.closeWait = closeWait;
  }

  /**
   * How the store of records is to be.
   *
   * @param dispatcher over whose firmware; must be open as long as records are to be written, and
   *     closed after the store of records
   * @return a new builder with the defaults
   */
  public static PstoreBuilder builder(Dispatcher dispatcher) {
    return new PstoreBuilder(Objects.requireNonNull(dispatcher, "dispatcher"));
  }

  /**
   * Dumps the log and goes on: part after part by non-blocking calls on this thread; parts that
   * find the firmware busy are written later.
   *
   * <p>Allocates nothing, logs nothing and runs no callback but the log's source. Waits for another
   * dump for at most a tenth of a second, and not at all for the reasons PANIC and EMERGENCY.
   *
   * @param reason why; reasons beyond the builder's last one are not dumped, and none is once this
   *     is closed
   * @return what became of it
   */
  public DumpOutcome dump(DumpReason reason) {
    Objects.requireNonNull(reason, "reason");
    return parts.isClosed() ? DumpOutcome.SKIPPED : parts.dumps().dump(reason);
  }

  /**
   * Panics: takes the firmware over, whoever is inside, writes a dump, then the records that
   * waited. Afterwards the dispatcher is dead. Works after {@link #close()} too, as long as the
   * dispatcher is not closed.
   *
   * <p>Allocates nothing, takes no lock, logs nothing, wakes and tells nobody. Runs the embedder's
   * log source. Bounded by the grace period and the time firmware takes for the calls.
   *
   * @param grace how long to wait for a call that is inside the firmware; none if it is this
   *     thread's own
   * @return how it went
   * @throws IllegalArgumentException if the grace period is negative
   */
  public PanicReport panic(Duration grace) {
    return parts.panic().run(grace, null);
  }

  /**
   * Panics and resets: as {@link #panic(Duration)}, then ResetSystem or the dispatcher's reset
   * fallbacks. Not expected to return.
   *
   * @param grace how long to wait for a call that is inside the firmware
   * @param resetType the type of reset; a pending capsule's type wins
   * @return how it went, if nothing could reset
   * @throws IllegalArgumentException if the grace period is negative
   */
  public PanicReport panic(Duration grace, ResetType resetType) {
    return parts.panic().run(grace, Objects.requireNonNull(resetType, "resetType"));
  }

  /**
   * Writes the records that wait: by queued calls, or past the queue on a thread that may not wait
   * for one. The dispatcher's ResetSystem does so by itself. Blocks; an interrupt does not end it,
   * and the flag is kept. From inside the firmware nothing can be written.
   *
   * @param wait longest time, not negative
   * @return true if none is left
   * @throws IllegalArgumentException if the wait is negative
   */
  public boolean flush(Duration wait) {
    return parts.flush(nanos(wait));
  }

  /**
   * Makes one round of what is done later: deferred records are written, listeners told, old dumps
   * evicted. For stores built with {@link PstoreBuilder#invoker()}, by one thread at a time;
   * blocks.
   *
   * @throws IllegalStateException if there is a thread for it
   */
  public void pump() {
    parts.pump();
  }

  /**
   * How often something happened to records.
   *
   * @param counter what
   * @return the count since the start
   */
  public long count(RecordCounter counter) {
    return parts.counts().read(counter);
  }

  /**
   * How many records wait in the deferred lane.
   *
   * @return the number at about this moment
   */
  public int deferred() {
    return parts.lane().occupied();
  }

  /** Closes with the wait given to the builder. */
  @Override
  public void close() {
    close(closeWait);
  }

  /**
   * Closes. First announcements are cancelled: no {@link CrashRecordListener#written} is called any
   * more. Then the thread that writes what was deferred ends, what is left is written if the
   * dispatcher still lets it, and what is left then is counted as dropped and reported.
   *
   * <p>Blocks at most twice the wait and some milliseconds. A second call does nothing.
   *
   * @param wait longest time for a listener and for deferred records, not negative
   * @throws IllegalArgumentException if the wait is negative
   */
  public void close(Duration wait) {
    parts.close(nanos(wait));
  }

  private static long nanos(Duration wait) {
    Objects.requireNonNull(wait, "wait");
    if (wait.isNegative()) {
      throw new IllegalArgumentException("wait must not be negative: wait=" + wait);
    }
    return TimeUnit.NANOSECONDS.convert(wait);
  }
}

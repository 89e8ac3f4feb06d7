// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.work;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.spi.NanoClock;
import io.efirts.dispatch.Dispatcher;
import io.efirts.pstore.lane.DeferredLane;
import io.efirts.pstore.record.RecordBuffer;
import io.efirts.pstore.record.WrittenRecords;
import java.time.Duration;

/**
 * Writes what was deferred within a time, before a reset or a close: by queued calls, and past the
 * queue on threads that may not wait for one.
 *
 * <p>For one thread and one time.
 */
public final class LaneFlush {
  private static final long LOOK_NANOS = 1_000_000;

  private final Dispatcher dispatcher;
  private final NanoClock clock;
  private final DeferredLane lane;
  private final LaneDrain drain;
  private final long nanos;
  private final long start;

  /**
   * A flush whose time begins now.
   *
   * @param dispatcher makes the calls
   * @param lane what waits
   * @param announcements take note of each record that is written
   * @param nanos longest wait
   */
  public LaneFlush(
      Dispatcher dispatcher, DeferredLane lane, WrittenRecords announcements, long nanos) {
    this.dispatcher = dispatcher;
    clock = dispatcher.clock();
    this.lane = lane;
    drain = new LaneDrain(lane, this::write, announcements);
    this.nanos = nanos;
    start = clock.nanoTime();
  }

  /**
   * Writes. An interrupt does not end it; the flag is kept.
   *
   * @return true if no record is left
   */
  public boolean flush() {
    boolean interrupted = false;
    // Counted as well: a virtual clock may stand still.
    for (long looks = nanos / LOOK_NANOS; ; looks--) {
      // Left set, it would take every queued call back, and a reset would lose what waits.
      interrupted |= Thread.interrupted();
      drain.drain(() -> left() > 0);
      boolean empty = lane.occupied() == 0;
      if (empty || looks <= 0 || left() <= 0) {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
        return empty;
      }
      // Somebody else is writing one, or firmware is not to be had.
      clock.parkNanos(this, LOOK_NANOS);
    }
  }

  private long left() {
    return nanos - (clock.nanoTime() - start);
  }

  private CallResult write(RecordBuffer record) {
    CallResult result =
        record.writeBy(dispatcher.runtimeServices(Duration.ofNanos(Math.max(LOOK_NANOS, left()))));
    return result.outcome() != Outcome.WOULD_BLOCK
        ? result
        : record.writeBy(dispatcher.nonBlocking());
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.work;

import io.efirts.api.CallResult;
import io.efirts.api.RuntimeServices;
import io.efirts.pstore.lane.DeferredLane;
import io.efirts.pstore.lane.LaneTake;
import io.efirts.pstore.record.RecordBuffer;
import io.efirts.pstore.record.WrittenRecords;
import io.efirts.pstore.report.RecordLoss;
import io.efirts.pstore.write.WriteAnswer;
import java.util.function.BooleanSupplier;

/**
 * Writes what was deferred, by queued calls: the worker makes them in their turn.
 *
 * <p>Any number of threads may drain at a time, each with a drain of its own. Blocks for each
 * record as long as the services' deadline lets it.
 */
public final class LaneDrain {
  /** Firmware's refusals of one record, with room made in between, before it is dropped. */
  private static final int MAX_REFUSALS = 2;

  private final DeferredLane lane;
  private final RecordWrite write;
  private final WrittenRecords announcements;
  private final LaneTake take = new LaneTake();

  /** How a drain ended. */
  public enum End {
    /** Nothing waits. */
    EMPTY,
    /** Firmware is not to be had now. */
    LATER,
    /** There is no room: evicting older dumps may help. */
    NO_SPACE
  }

  /**
   * A drain.
   *
   * @param lane what waits
   * @param services make the calls; with a deadline, since firmware may hang
   * @param announcements take note of each record that is written
   */
  public LaneDrain(DeferredLane lane, RuntimeServices services, WrittenRecords announcements) {
    this(lane, record -> record.writeBy(services), announcements);
  }

  LaneDrain(DeferredLane lane, RecordWrite write, WrittenRecords announcements) {
    this.lane = lane;
    this.write = write;
    this.announcements = announcements;
  }

  /**
   * Writes until nothing waits or it gets no further.
   *
   * @return why it ended
   */
  public End drain() {
    return drain(() -> true);
  }

  End drain(BooleanSupplier inTime) {
    // Bounded, although others may go on deferring: they wake whoever drains again.
    for (int i = 2 * lane.size(); i > 0 && inTime.getAsBoolean() && lane.takeOldest(take); i--) {
      End end = write();
      if (end != End.EMPTY) {
        return end;
      }
    }
    return lane.ready() == 0 ? End.EMPTY : End.LATER;
  }

  private End write() {
    RecordBuffer record = take.record();
    CallResult result;
    try {
      result = write.write(record);
    } catch (Throwable thrown) {
      // Such as a lack of memory for the name: it was not written, and must not stay taken.
      lane.putBack(take);
      throw thrown;
    }
    return switch (WriteAnswer.of(result)) {
      case WRITTEN -> {
        // Not told if an emergency has taken the slot over meanwhile: by now it may hold another.
        lane.written(take, announcements);
        yield End.EMPTY;
      }
      case REFUSED -> drop(RecordLoss.REFUSED);
      case NO_SPACE -> {
        if (take.refusedAgain() >= MAX_REFUSALS) {
          yield drop(RecordLoss.NO_SPACE);
        }
        lane.putBack(take);
        yield End.NO_SPACE;
      }
      case LATER, OVER -> {
        lane.putBack(take);
        yield End.LATER;
      }
    };
  }

  private End drop(RecordLoss why) {
    lane.drop(take, why);
    return End.EMPTY;
  }
}

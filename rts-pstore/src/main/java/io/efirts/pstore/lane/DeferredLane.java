// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.lane;

import io.efirts.api.spi.Step;
import io.efirts.api.spi.StepHook;
import io.efirts.pstore.policy.WhenFull;
import io.efirts.pstore.record.RecordBuffer;
import io.efirts.pstore.record.RecordCounts;
import io.efirts.pstore.record.WrittenRecords;
import io.efirts.pstore.report.RecordCounter;
import io.efirts.pstore.report.RecordLoss;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A fixed number of places for records that found the firmware busy.
 *
 * <p>Any platform thread may call any method, in any state. None allocates, locks, parks or waits
 * for another thread; each takes a number of steps bounded by the number of slots and by what other
 * threads do meanwhile. Records leave in the order in which they came, but for what others put in
 * or write at the same time.
 *
 * <p>Every record that came in leaves once: {@link #written}, {@link #drop}, or given up while it
 * was not whole yet. The caller that makes the step counts it.
 */
public final class DeferredLane {
  /** No slot. */
  private static final LaneSlot NONE = null;

  private final LaneSlot[] slots;
  private final WhenFull whenFull;
  private final RecordCounts counts;
  private final StepHook steps;

  /** Places in the order, and tokens. From 1, so that no word of a slot in use is 0. */
  private final AtomicLong numbers = new AtomicLong();

  private final AtomicLong evicted = new AtomicLong();

  /** Nothing comes in any more. */
  private volatile boolean sealed;

  /** Why what is left is dropped, once {@link #giveUp} has begun. */
  private volatile RecordLoss givenUp;

  /**
   * An empty lane.
   *
   * @param slots how many records it holds
   * @param recordBytes how large each can be
   * @param whenFull which record goes when it is full
   * @param counts counts the records
   * @param steps told of every change, or null
   */
  public DeferredLane(
      int slots, int recordBytes, WhenFull whenFull, RecordCounts counts, StepHook steps) {
    this.slots = new LaneSlot[slots];
    for (int i = 0; i < slots; i++) {
      this.slots[i] = new LaneSlot(recordBytes);
    }
    this.whenFull = whenFull;
    this.counts = counts;
    this.steps = steps;
  }

  /**
   * Puts a record in, or drops one, as {@link WhenFull} says.
   *
   * @param record copied
   * @return true if this one is in
   */
  public boolean put(RecordBuffer record) {
    long id = record.id();
    LaneSlot slot = sealed ? NONE : claim(id);
    if (slot == NONE) {
      counts.dropped(id, sealed ? RecordLoss.CLOSED : RecordLoss.LANE_FULL);
      return false;
    }
    long order = numbers.incrementAndGet();
    slot.fill(record, order);
    // Before the word: a record that is written is one that was deferred.
    counts.count(RecordCounter.DEFERRED);
    long claimed = LaneState.word(LaneState.CLAIMED, id);
    long ready = LaneState.word(LaneState.READY, order);
    if (!change(slot, claimed, ready, Step.LANE_READY)) {
      // An emergency has given it up meanwhile, and counted it; nobody else touches the slot.
      change(slot, LaneState.word(LaneState.TORN, id), LaneState.FREE, Step.LANE_FREED);
      return false;
    }
    // Volatile both: who seals looks at the slots afterwards, so one of the two sees the other.
    if (sealed && change(slot, ready, LaneState.FREE, Step.LANE_FREED)) {
      counts.dropped(id, RecordLoss.CLOSED);
      return false;
    }
    return true;
  }

  private LaneSlot claim(long id) {
    long claimed = LaneState.word(LaneState.CLAIMED, id);
    for (LaneSlot slot : slots) {
      if (slot.word() == LaneState.FREE
          && change(slot, LaneState.FREE, claimed, Step.LANE_CLAIMED)) {
        return slot;
      }
    }
    while (whenFull == WhenFull.DROP_OLDEST) {
      long seen = oldest(false);
      if (seen == LaneState.FREE) {
        return NONE;
      }
      LaneSlot oldest = slotWith(seen);
      if (oldest != NONE) {
        // Read before the change and worth something only if it comes out right: nobody writes it
        // while the slot is READY in the same place of the order.
        long lost = oldest.record().id();
        if (change(oldest, seen, claimed, Step.LANE_CLAIMED)) {
          evicted.getAndIncrement();
          counts.dropped(lost, RecordLoss.LANE_FULL);
          return oldest;
        }
      }
    }
    return NONE;
  }

  /**
   * Takes the oldest record to write it. Then {@link #written}, {@link #drop} or {@link #putBack}.
   *
   * @param take receives the slot
   * @return false if no record waits
   */
  public boolean takeOldest(LaneTake take) {
    return take(take, false);
  }

  /**
   * Takes the oldest record to write it, also from somebody who is writing it: for a thread that
   * has fenced everybody else. To write it twice is to write it once: same name, same bytes.
   *
   * @param take receives the slot
   * @return false if there is no whole record left
   */
  public boolean seizeOldest(LaneTake take) {
    return take(take, true);
  }

  private boolean take(LaneTake take, boolean fromWriters) {
    while (true) {
      long seen = oldest(fromWriters);
      if (seen == LaneState.FREE) {
        return false;
      }
      LaneSlot slot = slotWith(seen);
      long token = numbers.incrementAndGet();
      if (slot != NONE
          && change(slot, seen, LaneState.word(LaneState.WRITING, token), Step.LANE_WRITING)) {
        take.set(slot, token);
        return true;
      }
    }
  }

  /**
   * The word of the slot with the oldest record, or FREE. The word and not the slot: by the time
   * that is looked at again it may have the newest.
   */
  private long oldest(boolean withWriters) {
    long oldest = LaneState.FREE;
    long oldestOrder = Long.MAX_VALUE;
    for (LaneSlot slot : slots) {
      long seen = slot.word();
      int state = LaneState.state(seen);
      if (state == LaneState.READY || withWriters && state == LaneState.WRITING) {
        // Of a writer's slot it may be a later record's by now: then the change of the word fails.
        long order = state == LaneState.READY ? LaneState.number(seen) : slot.order();
        if (order < oldestOrder) {
          oldest = seen;
          oldestOrder = order;
        }
      }
    }
    return oldest;
  }

  /** The slot that is READY or WRITING with this number, which no other has; none any more. */
  private LaneSlot slotWith(long word) {
    for (LaneSlot slot : slots) {
      if (slot.word() == word) {
        return slot;
      }
    }
    return NONE;
  }

  /**
   * Firmware has taken the record.
   *
   * @param take what was taken
   * @return false if somebody else has taken the slot over meanwhile, and counts it
   */
  public boolean written(LaneTake take) {
    return written(take, null);
  }

  /**
   * Firmware has taken the record.
   *
   * @param take what was taken
   * @param told of the record, as long as nobody else has the slot; not told if somebody has. Null
   *     for nobody
   * @return false if somebody else has taken the slot over meanwhile, and counts it
   */
  public boolean written(LaneTake take, WrittenRecords told) {
    LaneSlot slot = take.slot();
    long written = LaneState.word(LaneState.WRITTEN, take.token());
    if (!change(
        slot, LaneState.word(LaneState.WRITING, take.token()), written, Step.LANE_WRITTEN)) {
      return false;
    }
    counts.count(RecordCounter.WRITTEN_LATE);
    if (told != null) {
      told.written(slot.record());
    }
    change(slot, written, LaneState.FREE, Step.LANE_FREED);
    return true;
  }

  /**
   * The record cannot be written.
   *
   * @param take what was taken
   * @param why the reason
   * @return false if somebody else has taken the slot over meanwhile, and counts it
   */
  public boolean drop(LaneTake take, RecordLoss why) {
    LaneSlot slot = take.slot();
    long id = slot.record().id();
    if (!change(
        slot, LaneState.word(LaneState.WRITING, take.token()), LaneState.FREE, Step.LANE_FREED)) {
      return false;
    }
    counts.dropped(id, why);
    return true;
  }

  /**
   * The record was not written, and waits again in its old place; in a lane that was given up it is
   * dropped.
   *
   * @param take what was taken
   * @return false if it does not wait: dropped, or somebody else has taken the slot over meanwhile
   */
  public boolean putBack(LaneTake take) {
    LaneSlot slot = take.slot();
    long id = slot.record().id();
    long ready = LaneState.word(LaneState.READY, slot.order());
    if (!change(slot, LaneState.word(LaneState.WRITING, take.token()), ready, Step.LANE_READY)) {
      return false;
    }
    // Volatile both, as in put: it may have come in behind the last look of who gave up.
    RecordLoss why = givenUp;
    if (why != null && change(slot, ready, LaneState.FREE, Step.LANE_FREED)) {
      counts.dropped(id, why);
      return false;
    }
    return true;
  }

  /**
   * Lets nothing in any more. What is in it can still be taken and written; {@link #giveUp} ends
   * that.
   */
  public void seal() {
    sealed = true;
  }

  /**
   * Drops what is left in a sealed lane, by whomever it was taken: each one counts, and whoever
   * goes on with it finds out.
   *
   * @param why the reason for whole records; others are torn
   */
  public void giveUp(RecordLoss why) {
    givenUp = why;
    for (LaneSlot slot : slots) {
      boolean settled;
      do {
        settled = giveUp(slot, why);
      } while (!settled);
    }
  }

  /** False if the slot changed meanwhile, which in a sealed lane happens a few times at most. */
  private boolean giveUp(LaneSlot slot, RecordLoss why) {
    long seen = slot.word();
    int state = LaneState.state(seen);
    if (state == LaneState.CLAIMED) {
      long id = LaneState.number(seen);
      if (!change(slot, seen, LaneState.word(LaneState.TORN, id), Step.LANE_TORN)) {
        return false;
      }
      counts.dropped(id, RecordLoss.TORN);
    } else if (state == LaneState.READY || state == LaneState.WRITING) {
      long id = slot.record().id();
      if (!change(slot, seen, LaneState.FREE, Step.LANE_FREED)) {
        return false;
      }
      counts.dropped(id, why);
    }
    return true;
  }

  /**
   * How many records are in the lane, whole or not.
   *
   * @return the number at about this moment
   */
  public int occupied() {
    int occupied = 0;
    for (LaneSlot slot : slots) {
      int state = LaneState.state(slot.word());
      if (state == LaneState.CLAIMED || state == LaneState.READY || state == LaneState.WRITING) {
        occupied++;
      }
    }
    return occupied;
  }

  /**
   * How many records wait to be taken.
   *
   * @return the number at about this moment
   */
  public int ready() {
    int ready = 0;
    for (LaneSlot slot : slots) {
      if (LaneState.state(slot.word()) == LaneState.READY) {
        ready++;
      }
    }
    return ready;
  }

  /**
   * How many records were dropped to let a newer one in.
   *
   * @return the count since the start
   */
  public long evicted() {
    return evicted.get();
  }

  /**
   * How many records it can hold.
   *
   * @return the number of slots
   */
  public int size() {
    return slots.length;
  }

  private boolean change(LaneSlot slot, long seen, long next, Step step) {
    if (!slot.change(seen, next)) {
      return false;
    }
    if (steps != null) {
      steps.made(step);
    }
    return true;
  }
}

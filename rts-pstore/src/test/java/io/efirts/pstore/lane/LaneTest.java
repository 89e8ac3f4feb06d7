// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.spi.Step;
import io.efirts.pstore.policy.WhenFull;
import io.efirts.pstore.record.RecordBuffer;
import io.efirts.pstore.record.RecordCounts;
import io.efirts.pstore.report.RecordCounter;
import io.efirts.pstore.report.RecordLoss;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.step.Occurrence;
import io.efirts.testkit.step.StepHooks;
import io.efirts.testkit.step.StepLog;
import io.efirts.testkit.step.StepStop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What waits in the deferred lane, in which order it leaves, and what is counted of it. */
@Timeout(60)
class LaneTest {
  private static final int BYTES = 16;

  private final RecordCounts counts = new RecordCounts();
  private final StepLog log = new StepLog();
  private final StepHooks hooks = new StepHooks();
  private final LaneTake take = new LaneTake();

  private DeferredLane lane(int slots, WhenFull whenFull) {
    return new DeferredLane(slots, BYTES, whenFull, counts, new StepHooks(hooks, log));
  }

  /** A record whose id is its part times 1000, with its part as content. */
  private static RecordBuffer record(int part) {
    RecordBuffer record = new RecordBuffer(BYTES);
    record.content()[0] = (byte) part;
    record.set(part, 0, 0, false, 1);
    return record;
  }

  private static long id(int part) {
    return 1000L * part;
  }

  private List<Integer> drained(DeferredLane lane) {
    List<Integer> parts = new ArrayList<>();
    while (lane.takeOldest(take)) {
      RecordBuffer taken = take.record();
      assertEquals(taken.part(), taken.content()[0], "content goes with the name");
      parts.add(taken.part());
      assertTrue(lane.written(take));
    }
    return parts;
  }

  private Map<Long, RecordLoss> losses() {
    Map<Long, RecordLoss> losses = new TreeMap<>();
    counts.losses().drain(losses::put);
    return losses;
  }

  private long count(RecordCounter counter) {
    return counts.read(counter);
  }

  @Test
  void recordsLeaveInTheOrderInWhichTheyCame() {
    DeferredLane lane = lane(3, WhenFull.DROP_NEWEST);
    for (int round = 0; round < 3; round++) {
      for (int part = 1; part <= 3; part++) {
        assertTrue(lane.put(record(3 * round + part)));
      }
      assertEquals(3, lane.occupied());
      assertEquals(3, lane.ready());
      assertEquals(List.of(3 * round + 1, 3 * round + 2, 3 * round + 3), drained(lane));
      assertEquals(0, lane.occupied());
    }
    assertEquals(9, count(RecordCounter.DEFERRED));
    assertEquals(9, count(RecordCounter.WRITTEN_LATE));
    assertEquals(0, count(RecordCounter.DROPPED));
  }

  /** The slot that was used last is not the one that comes last. */
  @Test
  void theOrderIsNotThatOfTheSlots() {
    DeferredLane lane = lane(3, WhenFull.DROP_NEWEST);
    lane.put(record(1));
    lane.put(record(2));
    assertTrue(lane.takeOldest(take));
    assertTrue(lane.written(take));
    lane.put(record(3));
    assertEquals(List.of(2, 3), drained(lane));
  }

  @Test
  void aRecordIsCopied() {
    DeferredLane lane = lane(1, WhenFull.DROP_NEWEST);
    RecordBuffer record = record(1);
    lane.put(record);
    record.content()[0] = 9;
    record.set(9, 9, 9, true, 2);
    assertTrue(lane.takeOldest(take));
    assertEquals("dump-type0-1-0-0-D", take.record().name().toString());
    assertEquals(1, take.record().content()[0]);
    assertEquals(1, take.record().length());
  }

  @Test
  void theNewestIsDroppedFromAFullLane() {
    DeferredLane lane = lane(2, WhenFull.DROP_NEWEST);
    assertTrue(lane.put(record(1)));
    assertTrue(lane.put(record(2)));
    assertFalse(lane.put(record(3)));
    assertEquals(Map.of(id(3), RecordLoss.LANE_FULL), losses());
    assertEquals(0, lane.evicted());
    assertEquals(List.of(1, 2), drained(lane));
    assertEquals(2, count(RecordCounter.DEFERRED));
    assertEquals(1, count(RecordCounter.DROPPED));
  }

  @Test
  void theOldestIsDroppedFromAFullLane() {
    DeferredLane lane = lane(2, WhenFull.DROP_OLDEST);
    assertTrue(lane.put(record(1)));
    assertTrue(lane.put(record(2)));
    assertTrue(lane.put(record(3)));
    assertEquals(Map.of(id(1), RecordLoss.LANE_FULL), losses());
    assertEquals(1, lane.evicted());
    assertEquals(List.of(2, 3), drained(lane));
  }

  /** What somebody is writing is not dropped: it may be in the store already. */
  @Test
  void whatIsBeingWrittenIsNotDroppedForANewOne() {
    DeferredLane lane = lane(1, WhenFull.DROP_OLDEST);
    lane.put(record(1));
    assertTrue(lane.takeOldest(take));
    assertFalse(lane.put(record(2)));
    assertEquals(Map.of(id(2), RecordLoss.LANE_FULL), losses());
    assertTrue(lane.written(take));
  }

  @Test
  void whatIsPutBackKeepsItsPlace() {
    DeferredLane lane = lane(3, WhenFull.DROP_NEWEST);
    lane.put(record(1));
    lane.put(record(2));
    assertTrue(lane.takeOldest(take));
    assertEquals(1, lane.ready());
    assertEquals(2, lane.occupied());
    lane.put(record(3));
    assertTrue(lane.putBack(take));
    assertEquals(List.of(1, 2, 3), drained(lane));
    assertEquals(3, count(RecordCounter.DEFERRED), "it came in once");
  }

  @Test
  void refusalsAreCountedForEachRecord() {
    DeferredLane lane = lane(1, WhenFull.DROP_NEWEST);
    lane.put(record(1));
    for (int refusal = 1; refusal <= 3; refusal++) {
      assertTrue(lane.takeOldest(take));
      assertEquals(refusal, take.refusedAgain());
      lane.putBack(take);
    }
    lane.takeOldest(take);
    lane.drop(take, RecordLoss.NO_SPACE);
    lane.put(record(2));
    lane.takeOldest(take);
    assertEquals(1, take.refusedAgain());
  }

  @Test
  void whatIsDroppedIsToldWithItsReason() {
    DeferredLane lane = lane(1, WhenFull.DROP_NEWEST);
    lane.put(record(1));
    assertTrue(lane.takeOldest(take));
    assertTrue(lane.drop(take, RecordLoss.REFUSED));
    assertEquals(Map.of(id(1), RecordLoss.REFUSED), losses());
    assertEquals(0, lane.occupied());
    assertFalse(lane.drop(take, RecordLoss.REFUSED), "once");
    assertEquals(1, count(RecordCounter.DROPPED));
  }

  @Test
  void whoWasTakenOverDoesNotAnswerForTheRecordAnyMore() {
    DeferredLane lane = lane(1, WhenFull.DROP_NEWEST);
    lane.put(record(1));
    LaneTake old = new LaneTake();
    assertTrue(lane.takeOldest(old));
    assertFalse(lane.takeOldest(take), "not from a writer");
    assertTrue(lane.seizeOldest(take));
    assertEquals(1, old.record().part(), "the same bytes");
    assertFalse(lane.written(old, record -> assertEquals(null, record, "must not be told")));
    assertFalse(lane.drop(old, RecordLoss.REFUSED));
    assertFalse(lane.putBack(old));
    assertEquals(0, count(RecordCounter.WRITTEN_LATE) + count(RecordCounter.DROPPED));
    List<Integer> told = new ArrayList<>();
    assertTrue(lane.written(take, record -> told.add(record.part())));
    assertEquals(List.of(1), told);
    assertEquals(1, count(RecordCounter.WRITTEN_LATE));
  }

  /** Behind it the record may be somebody else's. */
  @Test
  void aWrittenRecordIsToldBeforeItsSlotIsFree() {
    DeferredLane lane = lane(1, WhenFull.DROP_NEWEST);
    lane.put(record(1));
    lane.takeOldest(take);
    List<Long> freed = new ArrayList<>();
    lane.written(take, record -> freed.add(log.count(Step.LANE_FREED)));
    assertEquals(List.of(0L), freed);
    assertEquals(1, log.count(Step.LANE_FREED));
  }

  @Test
  void seizingTakesReadyAndWritingOnesInTheirOrder() {
    DeferredLane lane = lane(3, WhenFull.DROP_NEWEST);
    for (int part = 1; part <= 3; part++) {
      lane.put(record(part));
    }
    lane.takeOldest(new LaneTake());
    List<Integer> parts = new ArrayList<>();
    while (lane.seizeOldest(take)) {
      parts.add(take.record().part());
      lane.written(take);
    }
    assertEquals(List.of(1, 2, 3), parts);
  }

  @Test
  void nothingComesIntoASealedLaneAndWhatIsInItCanBeWritten() {
    DeferredLane lane = lane(2, WhenFull.DROP_OLDEST);
    lane.put(record(1));
    lane.seal();
    assertFalse(lane.put(record(2)));
    assertEquals(Map.of(id(2), RecordLoss.CLOSED), losses());
    assertTrue(lane.takeOldest(take));
    assertTrue(lane.putBack(take), "it waits again");
    assertEquals(List.of(1), drained(lane));
    assertEquals(1, count(RecordCounter.DEFERRED));
  }

  @Test
  void givingUpDropsWhateverIsLeft() {
    DeferredLane lane = lane(3, WhenFull.DROP_NEWEST);
    lane.put(record(1));
    lane.put(record(2));
    lane.takeOldest(take);
    lane.seal();
    lane.giveUp(RecordLoss.NO_FIRMWARE);
    assertEquals(Map.of(id(1), RecordLoss.NO_FIRMWARE, id(2), RecordLoss.NO_FIRMWARE), losses());
    assertEquals(0, lane.occupied());
    assertFalse(lane.written(take));
    assertFalse(lane.putBack(take));
    assertFalse(lane.drop(take, RecordLoss.REFUSED));
    lane.giveUp(RecordLoss.CLOSED);
    assertEquals(2, count(RecordCounter.DROPPED), "once");
    assertEquals(0, count(RecordCounter.WRITTEN_LATE));
  }

  /** Who was stopped before its record was whole finds out, and frees the slot. */
  @Test
  void aTornRecordIsDroppedOnceAndItsWriterFreesTheSlot() throws InterruptedException {
    DeferredLane lane = lane(1, WhenFull.DROP_NEWEST);
    try (StepStop stop = hooks.add(new StepStop(Occurrence.first(Step.LANE_CLAIMED)))) {
      CallerThread<Boolean> putting = CallerThread.start(() -> lane.put(record(1)));
      stop.awaitStopped();
      assertEquals(1, lane.occupied());
      assertEquals(0, lane.ready());
      assertFalse(lane.seizeOldest(take), "there is nothing whole");
      lane.seal();
      lane.giveUp(RecordLoss.CLOSED);
      assertEquals(Map.of(id(1), RecordLoss.TORN), losses());
      assertEquals(0, lane.occupied());
      stop.release();
      assertFalse(putting.result());
    }
    assertEquals(
        List.of(Step.LANE_CLAIMED, Step.LANE_TORN, Step.LANE_FREED),
        log.made().stream().map(made -> made.step()).sorted().toList());
    assertEquals(1, count(RecordCounter.DROPPED));
  }

  /** Who looked at the seal before it was there takes its own record out again. */
  @Test
  void whoComesInBesideTheSealGoesOutAgain() throws InterruptedException {
    DeferredLane lane = lane(1, WhenFull.DROP_NEWEST);
    try (StepStop stop = hooks.add(new StepStop(Occurrence.first(Step.LANE_READY)))) {
      CallerThread<Boolean> putting = CallerThread.start(() -> lane.put(record(1)));
      stop.awaitStopped();
      lane.seal();
      stop.release();
      assertFalse(putting.result());
    }
    assertEquals(0, lane.occupied());
    assertEquals(Map.of(id(1), RecordLoss.CLOSED), losses());
  }

  @Test
  void aLaneWithoutAHookTellsNobody() {
    DeferredLane lane = new DeferredLane(1, BYTES, WhenFull.DROP_NEWEST, counts, null);
    assertTrue(lane.put(record(1)));
    assertEquals(List.of(1), drained(lane));
    assertEquals(1, lane.size());
  }
}

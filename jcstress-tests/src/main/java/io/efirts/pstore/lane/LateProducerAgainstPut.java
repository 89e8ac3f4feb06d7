// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.lane;

import static io.efirts.pstore.policy.WhenFull.DROP_NEWEST;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.api.spi.Step;
import io.efirts.pstore.report.RecordLoss;
import io.efirts.stress.Meeting;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZL_Result;

/**
 * A producer whose slot was given up as torn goes on filling it while another record comes: only
 * the late producer itself frees the slot, so the other record gets it afterwards or not at all,
 * and is whole (I-17).
 */
@JCStressTest
@Outcome(
    id = "false, true, second, 2",
    expect = ACCEPTABLE,
    desc = "came when the late producer was back")
@Outcome(
    id = "false, false, nothing, 2",
    expect = ACCEPTABLE,
    desc = "found no slot: the late producer still had it")
@Outcome(
    id = ".*, (mixed|first), .*",
    expect = FORBIDDEN,
    desc = "the late producer wrote over the next one's record (I-17)")
@Outcome(
    id = "true, .*",
    expect = FORBIDDEN,
    desc = "a producer was told that its torn record is in")
@Outcome(id = ".*, (0|1|3|4)", expect = FORBIDDEN, desc = "not counted, or twice (I-18)")
@State
public class LateProducerAgainstPut {
  private final Meeting meeting = new Meeting();
  private final CountedLane counted = new CountedLane(1, DROP_NEWEST, this::made);
  private Thread producer;

  /** The producer is stopped behind its claim; an emergency passes by before it goes on. */
  private void made(Step step) {
    if (step == Step.LANE_CLAIMED && Thread.currentThread() == producer) {
      // Unsealed, as for a producer that looked before the seal.
      counted.lane.giveUp(RecordLoss.CLOSED);
      meeting.arrive();
    }
  }

  @Actor
  public void late(ZZL_Result r) {
    producer = Thread.currentThread();
    r.r1 = counted.lane.put(Records.FIRST);
  }

  @Actor
  public void next(ZZL_Result r) {
    meeting.arrive();
    r.r2 = counted.lane.put(Records.SECOND);
  }

  @Arbiter
  public void after(ZZL_Result r) {
    r.r3 = counted.flush() + ", " + counted.accounted();
  }
}

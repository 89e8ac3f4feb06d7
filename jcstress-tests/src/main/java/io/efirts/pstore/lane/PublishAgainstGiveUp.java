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
import org.openjdk.jcstress.infra.results.ZLZ_Result;

/**
 * A slot is given up whose record is just becoming whole: the record is torn or whole, its producer
 * learns which, and the slot is free again in either case (I-18).
 */
@JCStressTest
@Outcome(
    id = "false, late 0, dropped TORN, left 0, true",
    expect = ACCEPTABLE,
    desc = "given up first; its producer has freed the slot")
@Outcome(
    id = "true, late 0, dropped CLOSED, left 0, true",
    expect = ACCEPTABLE,
    desc = "whole first, then given up")
@Outcome(
    id = "true, late 0, dropped, left 1, false",
    expect = ACCEPTABLE,
    desc = "the lane was given up before there was anything in it")
@Outcome(
    id = "true, late 0, dropped TORN, .*",
    expect = FORBIDDEN,
    desc = "a producer was told that its torn record is in")
@Outcome(id = ".*, left 0, false", expect = FORBIDDEN, desc = "the slot is lost for good")
@Outcome(
    id = "false, .*, left 1, .*",
    expect = FORBIDDEN,
    desc = "torn for its producer, and to be written all the same")
@State
public class PublishAgainstGiveUp {
  private final Meeting meeting = new Meeting();
  private final CountedLane counted = new CountedLane(1, DROP_NEWEST, this::made);
  private boolean raced;

  private void made(Step step) {
    if (step == Step.LANE_CLAIMED && !raced) {
      raced = true;
      meeting.arrive();
    }
  }

  @Actor
  public void producer(ZLZ_Result r) {
    r.r1 = counted.lane.put(Records.FIRST);
  }

  @Actor
  public void emergency() {
    meeting.arrive();
    counted.lane.giveUp(RecordLoss.CLOSED);
  }

  @Arbiter
  public void after(ZLZ_Result r) {
    r.r2 = counted.fates();
    r.r3 = counted.lane.put(Records.SECOND);
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.lane;

import static io.efirts.pstore.policy.WhenFull.DROP_NEWEST;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.stress.Meeting;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZL_Result;

/**
 * A record is put in while an emergency seals the lane and gives up what is in it: it is dropped by
 * the one or the other, exactly once, and does not stay behind (I-18).
 */
@JCStressTest
@Outcome(
    id = "(true|false), late 0, dropped CLOSED, left 0",
    expect = ACCEPTABLE,
    desc = "refused, withdrawn or given up")
@Outcome(
    id = "false, late 0, dropped TORN, left 0",
    expect = ACCEPTABLE,
    desc = "given up before it was whole")
@Outcome(
    id = ".*, left 1",
    expect = FORBIDDEN,
    desc = "came in behind the emergency's back and is reported by nobody (I-18)")
@Outcome(
    id = ".*, dropped, .*",
    expect = FORBIDDEN,
    desc = "it vanished without being reported (I-18)")
@Outcome(id = ".*dropped (CLOSED|TORN) .*", expect = FORBIDDEN, desc = "reported twice (I-18)")
@State
public class PutAgainstGiveUp {
  private final CountedLane counted = new CountedLane(1, DROP_NEWEST);
  private final Meeting meeting = new Meeting();

  @Actor
  public void producer(ZL_Result r) {
    meeting.arrive();
    r.r1 = counted.lane.put(Records.FIRST);
  }

  @Actor
  public void emergency() {
    meeting.arrive();
    counted.sealAndGiveUp();
  }

  @Arbiter
  public void after(ZL_Result r) {
    r.r2 = counted.fates();
  }
}

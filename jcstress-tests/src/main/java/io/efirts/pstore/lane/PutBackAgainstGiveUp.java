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
 * A lane is given up while a record comes in late, is taken by somebody who cannot write it any
 * more, and is put back: it does not stay behind either, and counts as dropped once (I-18).
 */
@JCStressTest
@Outcome(
    id = "(true|false), late 0, dropped (CLOSED|TORN), left 0",
    expect = ACCEPTABLE,
    desc = "refused, withdrawn or given up")
@Outcome(
    id = ".*, left 1",
    expect = FORBIDDEN,
    desc = "put back behind the last look at the lane, and reported by nobody (I-18)")
@Outcome(
    id = ".*, dropped, left 0",
    expect = FORBIDDEN,
    desc = "it vanished without being reported (I-18)")
@Outcome(id = ".*dropped (CLOSED|TORN) .*", expect = FORBIDDEN, desc = "reported twice (I-18)")
@State
public class PutBackAgainstGiveUp {
  private final CountedLane counted = new CountedLane(1, DROP_NEWEST);
  private final LaneTake take = new LaneTake();
  private final Meeting meeting = new Meeting();

  @Actor
  public void producer(ZL_Result r) {
    meeting.arrive();
    r.r1 = counted.lane.put(Records.FIRST);
  }

  /** Closing and a drain that goes on, one after the other. */
  @Actor
  public void closerThenDrain() {
    meeting.arrive();
    counted.sealAndGiveUp();
    for (int looks = 0; looks < 50; looks++) {
      if (counted.lane.takeOldest(take)) {
        counted.lane.putBack(take);
      }
    }
  }

  @Arbiter
  public void after(ZL_Result r) {
    r.r2 = counted.fates();
  }
}

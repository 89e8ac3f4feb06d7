// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.lane;

import static io.efirts.pstore.policy.WhenFull.DROP_NEWEST;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.stress.Meeting;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * A thread looks for the oldest record while another writes that one and puts a new one into its
 * slot: the record between the two is older than the new one, and goes before it (I-18).
 */
@JCStressTest
@Outcome(id = "first", expect = ACCEPTABLE, desc = "came first")
@Outcome(id = "second", expect = ACCEPTABLE, desc = "came when the first was gone")
@Outcome(id = "third", expect = FORBIDDEN, desc = "the newest overtook an older one that waits")
@Outcome(id = "mixed", expect = FORBIDDEN, desc = "not whole (I-17)")
@State
public class TakeAgainstReuse {
  private static final int SLOTS = 64;

  private final CountedLane counted = new CountedLane(SLOTS, DROP_NEWEST);
  private final LaneTake take = new LaneTake();
  private final Meeting meeting = new Meeting();

  /** Two records wait. */
  public TakeAgainstReuse() {
    counted.lane.put(Records.FIRST);
    counted.lane.put(Records.SECOND);
  }

  @Actor
  public void reuse() {
    LaneTake own = new LaneTake();
    meeting.arrive();
    if (counted.lane.takeOldest(own) && own.record().part() == Records.FIRST.part()) {
      counted.lane.written(own);
      counted.lane.put(Records.THIRD);
    }
  }

  @Actor
  public void taker(L_Result r) {
    meeting.arrive();
    r.r1 = counted.lane.takeOldest(take) ? Records.tell(take.record()) : "nothing";
  }
}

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

/** A record is taken while it is put in: name, content and length are seen whole (I-17). */
@JCStressTest
@Outcome(id = "nothing", expect = ACCEPTABLE, desc = "it was not in yet")
@Outcome(id = "first", expect = ACCEPTABLE, desc = "taken whole")
@Outcome(id = "mixed", expect = FORBIDDEN, desc = "a part of it was not there yet (I-17)")
@State
public class PutAgainstTake {
  private final CountedLane counted = new CountedLane(1, DROP_NEWEST);
  private final LaneTake take = new LaneTake();
  private final Meeting meeting = new Meeting();

  @Actor
  public void producer() {
    meeting.arrive();
    counted.lane.put(Records.FIRST);
  }

  @Actor
  public void writer(L_Result r) {
    meeting.arrive();
    boolean took = counted.lane.takeOldest(take);
    for (int looks = 0; !took && looks < 100; looks++) {
      took = counted.lane.takeOldest(take);
    }
    r.r1 = took ? Records.tell(take.record()) : "nothing";
  }
}

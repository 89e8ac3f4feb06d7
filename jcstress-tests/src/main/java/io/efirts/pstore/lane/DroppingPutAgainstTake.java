// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.lane;

import static io.efirts.pstore.policy.WhenFull.DROP_OLDEST;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZLI_Result;

/**
 * A record takes the place of the oldest one just as that is taken to be written: who takes it
 * finds it whole or not at all, and each record counts once (I-17, I-18).
 */
@JCStressTest
@Outcome(
    id = "true, (first|second|nothing), 2",
    expect = ACCEPTABLE,
    desc = "in the oldest one's place, before or after that was written")
@Outcome(
    id = "false, first, 2",
    expect = ACCEPTABLE,
    desc = "the oldest one is being written: this one is dropped")
@Outcome(id = ".*, mixed, .*", expect = FORBIDDEN, desc = "taken while it was filled (I-17)")
@Outcome(id = ".*, (0|1|3|4)", expect = FORBIDDEN, desc = "not counted, or twice (I-18)")
@State
public class DroppingPutAgainstTake {
  private final CountedLane counted = CountedLane.holding(Records.FIRST, DROP_OLDEST);
  private final LaneTake take = new LaneTake();

  @Actor
  public void producer(ZLI_Result r) {
    r.r1 = counted.lane.put(Records.SECOND);
  }

  @Actor
  public void writer(ZLI_Result r) {
    r.r2 = "nothing";
    if (counted.lane.takeOldest(take)) {
      r.r2 = Records.tell(take.record());
      counted.lane.written(take);
    }
  }

  @Arbiter
  public void after(ZLI_Result r) {
    r.r3 = counted.accounted();
  }
}

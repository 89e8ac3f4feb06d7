// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.lane;

import static io.efirts.pstore.policy.WhenFull.DROP_NEWEST;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZL_Result;

/**
 * Two threads put a record each into the last free slot of a lane that keeps what came first: one
 * is in, the other is dropped and reported (I-18).
 */
@JCStressTest
@Outcome(
    id = {"true, false, first, 2", "false, true, second, 2"},
    expect = ACCEPTABLE,
    desc = "one is in, the other is dropped")
@Outcome(
    id = "true, true, .*",
    expect = FORBIDDEN,
    desc = "both got the slot, one is lost unreported (I-18)")
@Outcome(id = ".*, mixed, .*", expect = FORBIDDEN, desc = "both wrote into the slot (I-17)")
@Outcome(id = ".*, (0|1|3|4)", expect = FORBIDDEN, desc = "not counted, or counted twice (I-18)")
@State
public class PutAgainstPut {
  private final CountedLane counted = new CountedLane(1, DROP_NEWEST);

  @Actor
  public void one(ZZL_Result r) {
    r.r1 = counted.lane.put(Records.FIRST);
  }

  @Actor
  public void other(ZZL_Result r) {
    r.r2 = counted.lane.put(Records.SECOND);
  }

  @Arbiter
  public void after(ZZL_Result r) {
    r.r3 = counted.flush() + ", " + counted.accounted();
  }
}

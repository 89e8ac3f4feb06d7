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
import org.openjdk.jcstress.infra.results.ZZL_Result;

/**
 * Two threads put a record each into a full lane that drops what is oldest: at least one of them is
 * in, whole, and whoever had to go is counted once (I-18).
 */
@JCStressTest
@Outcome(
    id = "true, true, (second|third), 3",
    expect = ACCEPTABLE,
    desc = "both were in, and the earlier one went")
@Outcome(
    id = {"true, false, second, 3", "false, true, third, 3"},
    expect = ACCEPTABLE,
    desc = "one found the other in the middle of it, and dropped its own")
@Outcome(id = "false, false, .*", expect = FORBIDDEN, desc = "neither is in")
@Outcome(id = ".*, (mixed|first|nothing), .*", expect = FORBIDDEN, desc = "not whole (I-17)")
@Outcome(id = ".*, (0|1|2|4|5)", expect = FORBIDDEN, desc = "not counted, or twice (I-18)")
@State
public class DroppingPutAgainstPut {
  private final CountedLane counted = CountedLane.holding(Records.FIRST, DROP_OLDEST);

  @Actor
  public void one(ZZL_Result r) {
    r.r1 = counted.lane.put(Records.SECOND);
  }

  @Actor
  public void other(ZZL_Result r) {
    r.r2 = counted.lane.put(Records.THIRD);
  }

  @Arbiter
  public void after(ZZL_Result r) {
    r.r3 = counted.flush() + ", " + counted.accounted();
  }
}

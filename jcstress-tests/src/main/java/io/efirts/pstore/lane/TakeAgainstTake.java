// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.lane;

import static io.efirts.pstore.policy.WhenFull.DROP_NEWEST;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Two threads take the only record: one gets it, so it is written by one (I-18). */
@JCStressTest
@Outcome(
    id = {"true, false", "false, true"},
    expect = ACCEPTABLE,
    desc = "one has it")
@Outcome(id = "true, true", expect = FORBIDDEN, desc = "both write it")
@Outcome(id = "false, false", expect = FORBIDDEN, desc = "neither writes it")
@State
public class TakeAgainstTake {
  private final CountedLane counted = CountedLane.holding(Records.FIRST, DROP_NEWEST);

  @Actor
  public void one(ZZ_Result r) {
    r.r1 = counted.lane.takeOldest(new LaneTake());
  }

  @Actor
  public void other(ZZ_Result r) {
    r.r2 = counted.lane.takeOldest(new LaneTake());
  }
}

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
 * A panic seizes a record whose writer, fenced meanwhile, says that it is written: either the
 * writer was in time and there is nothing to seize, or it learns that it was not (I-18).
 */
@JCStressTest
@Outcome(id = "true, false, late 1, dropped, left 0", expect = ACCEPTABLE, desc = "written in time")
@Outcome(
    id = "false, true, late 1, dropped, left 0",
    expect = ACCEPTABLE,
    desc = "seized, and written again")
@Outcome(id = ".*, late 2, .*", expect = FORBIDDEN, desc = "one record counts twice (I-18)")
@Outcome(id = ".*, late 0, .*", expect = FORBIDDEN, desc = "nobody counts it (I-18)")
@Outcome(id = ".*, left 1", expect = FORBIDDEN, desc = "its slot is lost")
@State
public class WrittenAgainstSeize {
  private final CountedLane counted = CountedLane.holding(Records.FIRST, DROP_NEWEST);
  private final LaneTake taken = counted.taken();
  private final LaneTake seized = new LaneTake();

  @Actor
  public void writer(ZZL_Result r) {
    r.r1 = counted.lane.written(taken);
  }

  @Actor
  public void panic(ZZL_Result r) {
    r.r2 = counted.lane.seizeOldest(seized) && counted.lane.written(seized);
  }

  @Arbiter
  public void after(ZZL_Result r) {
    r.r3 = counted.fates();
  }
}

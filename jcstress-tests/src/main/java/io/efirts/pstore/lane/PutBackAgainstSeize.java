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
 * A panic seizes a record whose writer puts it back: the panic gets it in either case, and the
 * fenced writer cannot bring it back afterwards (I-18).
 */
@JCStressTest
@Outcome(
    id = "(true|false), true, late 1, dropped, left 0",
    expect = ACCEPTABLE,
    desc = "written by the panic")
@Outcome(id = ".*, false, .*", expect = FORBIDDEN, desc = "the panic missed it (I-18)")
@Outcome(
    id = ".*, left 1",
    expect = FORBIDDEN,
    desc = "the fenced writer brought it back, and it will be written twice")
@State
public class PutBackAgainstSeize {
  private final CountedLane counted = CountedLane.holding(Records.FIRST, DROP_NEWEST);
  private final LaneTake taken = counted.taken();
  private final LaneTake seized = new LaneTake();

  @Actor
  public void writer(ZZL_Result r) {
    r.r1 = counted.lane.putBack(taken);
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

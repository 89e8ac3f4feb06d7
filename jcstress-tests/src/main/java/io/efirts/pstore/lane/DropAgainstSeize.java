// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.lane;

import static io.efirts.pstore.policy.WhenFull.DROP_NEWEST;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.pstore.report.RecordLoss;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZL_Result;

/**
 * A panic seizes a record that its writer drops: it counts as dropped or as written, never as both
 * (I-18).
 */
@JCStressTest
@Outcome(
    id = "true, false, late 0, dropped REFUSED, left 0",
    expect = ACCEPTABLE,
    desc = "dropped in time")
@Outcome(
    id = "false, true, late 1, dropped, left 0",
    expect = ACCEPTABLE,
    desc = "seized, and written")
@Outcome(
    id = ".*, late 1, dropped REFUSED, .*",
    expect = FORBIDDEN,
    desc = "reported as lost and written too (I-18)")
@Outcome(id = ".*, late 0, dropped, .*", expect = FORBIDDEN, desc = "nobody counts it (I-18)")
@Outcome(id = ".*, left 1", expect = FORBIDDEN, desc = "its slot is lost")
@State
public class DropAgainstSeize {
  private final CountedLane counted = CountedLane.holding(Records.FIRST, DROP_NEWEST);
  private final LaneTake taken = counted.taken();
  private final LaneTake seized = new LaneTake();

  @Actor
  public void writer(ZZL_Result r) {
    r.r1 = counted.lane.drop(taken, RecordLoss.REFUSED);
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

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
import org.openjdk.jcstress.infra.results.ZL_Result;

/** A lane is given up while a record of it was just written: it counts as one of the two (I-18). */
@JCStressTest
@Outcome(id = "true, late 1, dropped, left 0", expect = ACCEPTABLE, desc = "written in time")
@Outcome(
    id = "false, late 0, dropped CLOSED, left 0",
    expect = ACCEPTABLE,
    desc = "given up; its writer learns of it")
@Outcome(
    id = ".*, late 1, dropped CLOSED, .*",
    expect = FORBIDDEN,
    desc = "reported as lost and written too (I-18)")
@Outcome(id = ".*, late 0, dropped, .*", expect = FORBIDDEN, desc = "nobody counts it (I-18)")
@State
public class WrittenAgainstGiveUp {
  private final CountedLane counted = CountedLane.holding(Records.FIRST, DROP_NEWEST);
  private final LaneTake taken = counted.taken();

  @Actor
  public void writer(ZL_Result r) {
    r.r1 = counted.lane.written(taken);
  }

  @Actor
  public void closer() {
    counted.sealAndGiveUp();
  }

  @Arbiter
  public void after(ZL_Result r) {
    r.r2 = counted.fates();
  }
}

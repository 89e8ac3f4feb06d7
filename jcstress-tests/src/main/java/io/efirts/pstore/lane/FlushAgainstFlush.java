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
import org.openjdk.jcstress.infra.results.L_Result;

/** Two threads write what waits, until nothing does: each record counts as written once (I-18). */
@JCStressTest
@Outcome(id = "late 2, dropped, left 0", expect = ACCEPTABLE, desc = "each was written by one")
@Outcome(
    id = "late (0|1|3|4), .*",
    expect = FORBIDDEN,
    desc = "not counted, or counted twice (I-18)")
@Outcome(id = ".*, left (1|2)", expect = FORBIDDEN, desc = "both went past a record (I-18)")
@State
public class FlushAgainstFlush {
  private final CountedLane counted = new CountedLane(2, DROP_NEWEST);

  /** Two records wait. */
  public FlushAgainstFlush() {
    counted.lane.put(Records.FIRST);
    counted.lane.put(Records.SECOND);
  }

  @Actor
  public void one() {
    counted.flush();
  }

  @Actor
  public void other() {
    counted.flush();
  }

  @Arbiter
  public void after(L_Result r) {
    r.r1 = counted.fates();
  }
}

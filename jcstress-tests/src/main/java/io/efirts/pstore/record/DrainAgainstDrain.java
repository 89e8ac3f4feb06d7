// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.record;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.pstore.report.RecordLoss;
import io.efirts.stress.Meeting;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** Two threads report what was lost: each loss is reported by one of them (I-18). */
@JCStressTest
@Outcome(
    id = {"1 TORN, ", ", 1 TORN"},
    expect = ACCEPTABLE,
    desc = "reported by one")
@Outcome(id = "1 TORN, 1 TORN", expect = FORBIDDEN, desc = "reported twice (I-18)")
@Outcome(id = ", ", expect = FORBIDDEN, desc = "reported by neither (I-18)")
@State
public class DrainAgainstDrain {
  private final LossLog losses = new LossLog();
  private final Meeting meeting = new Meeting();

  /** One was lost before. */
  public DrainAgainstDrain() {
    losses.note(1, RecordLoss.TORN);
  }

  @Actor
  public void one(LL_Result r) {
    r.r1 = drained();
  }

  @Actor
  public void other(LL_Result r) {
    r.r2 = drained();
  }

  private String drained() {
    LossList reported = new LossList();
    meeting.arrive();
    losses.drain(reported);
    return reported.toString();
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.record;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.pstore.report.RecordLoss;
import io.efirts.stress.Meeting;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** Two threads note a loss each: both are reported, each once (I-18). */
@JCStressTest
@Outcome(id = "1 TORN 2 REFUSED", expect = ACCEPTABLE, desc = "both, the first one's in front")
@Outcome(id = "2 REFUSED 1 TORN", expect = ACCEPTABLE, desc = "both, the second one's in front")
@Outcome(
    id = "(1 TORN|2 REFUSED|)",
    expect = FORBIDDEN,
    desc = "one wrote over the other's note (I-18)")
@Outcome(id = ".*", expect = FORBIDDEN, desc = "reported twice, or as something else")
@State
public class LossAgainstLoss {
  private final LossLog losses = new LossLog();
  private final Meeting meeting = new Meeting();

  @Actor
  public void one() {
    meeting.arrive();
    losses.note(1, RecordLoss.TORN);
  }

  @Actor
  public void other() {
    meeting.arrive();
    losses.note(2, RecordLoss.REFUSED);
  }

  @Arbiter
  public void after(L_Result r) {
    LossList reported = new LossList();
    losses.drain(reported);
    r.r1 = reported.toString();
  }
}

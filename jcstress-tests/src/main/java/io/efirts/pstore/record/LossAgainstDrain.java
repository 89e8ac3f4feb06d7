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
import org.openjdk.jcstress.infra.results.LL_Result;

/** A loss is noted while others are reported: each is reported once, now or later (I-18). */
@JCStressTest
@Outcome(id = "1 TORN, 2 REFUSED", expect = ACCEPTABLE, desc = "the new one is reported later")
@Outcome(id = "1 TORN 2 REFUSED, ", expect = ACCEPTABLE, desc = "both are reported at once")
@Outcome(
    id = "(1 TORN)?, ",
    expect = FORBIDDEN,
    desc = "the new one went with the old one's cell (I-18)")
@Outcome(id = ".*", expect = FORBIDDEN, desc = "reported twice, not at all, or as something else")
@State
public class LossAgainstDrain {
  private final LossLog losses = new LossLog();
  private final Meeting meeting = new Meeting();

  /** One was lost before. */
  public LossAgainstDrain() {
    losses.note(1, RecordLoss.TORN);
  }

  @Actor
  public void loser() {
    meeting.arrive();
    losses.note(2, RecordLoss.REFUSED);
  }

  @Actor
  public void reporter(LL_Result r) {
    LossList reported = new LossList();
    meeting.arrive();
    losses.drain(reported);
    r.r1 = reported.toString();
  }

  @Arbiter
  public void later(LL_Result r) {
    LossList reported = new LossList();
    losses.drain(reported);
    r.r2 = reported.toString();
  }
}

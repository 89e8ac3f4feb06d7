// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.call;

import static io.efirts.api.Outcome.CLOSED;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.stress.Finish;
import io.efirts.stress.Meeting;
import io.efirts.stress.ParkPermit;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** A caller parks at the moment a close cancels its call: it sees the end or is woken (I-27). */
@JCStressTest
@Outcome(id = "sees it", expect = ACCEPTABLE, desc = "looked once more and does not park")
@Outcome(id = "is woken", expect = ACCEPTABLE, desc = "parks; the sweep has seen the announcement")
@Outcome(
    id = "cannot tell",
    expect = ACCEPTABLE,
    desc = "the sweeping thread was stopped by the machine")
@Outcome(id = "sleeps", expect = FORBIDDEN, desc = "the caller sleeps through the close")
@State
public class ParkAgainstSweep {
  private final CallPool pool = CallInState.poolOfOne();
  private final DispatchCall call = pool.take();
  private final Meeting meeting = new Meeting();
  private final Finish swept = new Finish();

  /** The call is queued. */
  public ParkAgainstSweep() {
    call.queue(1);
  }

  @Actor
  public void close() {
    meeting.arrive();
    pool.sweep(CLOSED);
    swept.reach();
  }

  @Actor
  public void caller(L_Result r) {
    meeting.arrive();
    call.parking();
    boolean seen = call.ended(1) != null;
    if (!swept.await()) {
      r.r1 = "cannot tell";
    } else if (seen) {
      ParkPermit.drop();
      r.r1 = "sees it";
    } else {
      r.r1 = ParkPermit.take() ? "is woken" : "sleeps";
    }
  }
}

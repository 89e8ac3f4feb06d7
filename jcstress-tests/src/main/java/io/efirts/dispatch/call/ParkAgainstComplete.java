// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.call;

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

/**
 * A caller parks at the moment its call is completed: it sees the completion or is woken. With less
 * than full order on either side both could look too early (I-27).
 */
@JCStressTest
@Outcome(id = "sees it", expect = ACCEPTABLE, desc = "looked once more and does not park")
@Outcome(id = "is woken", expect = ACCEPTABLE, desc = "parks; the worker has seen the announcement")
@Outcome(
    id = "cannot tell",
    expect = ACCEPTABLE,
    desc = "the worker's thread was stopped by the machine")
@Outcome(id = "sleeps", expect = FORBIDDEN, desc = "the caller sleeps through its own completion")
@State
public class ParkAgainstComplete {
  private final DispatchCall call = CallInState.running();
  private final Meeting meeting = new Meeting();
  private final Finish completed = new Finish();

  @Actor
  public void worker() {
    meeting.arrive();
    call.complete(1, CallInState.RESULT);
    completed.reach();
  }

  @Actor
  public void caller(L_Result r) {
    meeting.arrive();
    call.parking();
    boolean seen = call.completed(1);
    if (!completed.await()) {
      r.r1 = "cannot tell";
    } else if (seen) {
      ParkPermit.drop();
      r.r1 = "sees it";
    } else {
      r.r1 = ParkPermit.take() ? "is woken" : "sleeps";
    }
  }
}

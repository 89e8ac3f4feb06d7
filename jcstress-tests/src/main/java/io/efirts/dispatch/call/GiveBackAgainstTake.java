// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.call;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** A call goes back to the pool and to its next borrower, who sees nothing of the last one. */
@JCStressTest
@Outcome(id = "none free", expect = ACCEPTABLE, desc = "came too early")
@Outcome(
    id = "fresh",
    expect = ACCEPTABLE,
    desc = "idle, in a new generation, with no trace of the old result")
@Outcome(
    id = "old .*",
    expect = FORBIDDEN,
    desc = "the next borrower sees the last one's call (I-7)")
@State
public class GiveBackAgainstTake {
  private final CallPool pool = CallInState.poolOfOne();
  private final DispatchCall call = pool.take();

  /** The call is done. */
  public GiveBackAgainstTake() {
    call.queue(1);
    call.claim(1);
    call.complete(1, CallInState.RESULT);
  }

  @Actor
  public void last() {
    pool.giveBack(call, 1);
  }

  @Actor
  public void next(L_Result r) {
    DispatchCall taken = pool.take();
    if (taken == null) {
      r.r1 = "none free";
    } else if (taken.generation() != 2) {
      r.r1 = "old generation";
    } else {
      r.r1 = taken.completed(2) || taken.ended(2) != null ? "old result" : "fresh";
    }
  }
}

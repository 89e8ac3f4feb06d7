// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.call;

import static io.efirts.api.Outcome.CLOSED;
import static io.efirts.api.Outcome.TIMED_OUT;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.api.CallResult;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZL_Result;

/**
 * A close cancels whatever is still queued while the worker claims the call and its caller's
 * deadline abandons it: one end, one reason (I-27).
 */
@JCStressTest
@Outcome(id = "true, false, TIMED_OUT", expect = ACCEPTABLE, desc = "claimed, then abandoned")
@Outcome(id = "false, true, CLOSED", expect = ACCEPTABLE, desc = "cancelled before the claim")
@Outcome(
    id = {"true, true, .*", "false, false, .*"},
    expect = FORBIDDEN,
    desc = "ended twice or never (I-27)")
@State
public class AbandonAgainstCancel {
  private final DispatchCall call = CallInState.queued();

  @Actor
  public void abandon(ZZL_Result r) {
    r.r1 = call.claim(1) && call.abandon(1, TIMED_OUT);
  }

  @Actor
  public void close(ZZL_Result r) {
    call.cancelIfQueued(CLOSED);
    CallResult told = call.ended(1);
    r.r2 = told != null && told.outcome() == CLOSED;
  }

  @Arbiter
  public void told(ZZL_Result r) {
    r.r3 = call.ended(1).outcome();
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.call;

import static io.efirts.api.Outcome.CANCELLED;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZL_Result;

/**
 * A whole run of the worker against a cancellation: the call is made and done, or neither (I-5).
 */
@JCStressTest
@Outcome(id = "true, false, COMPLETED", expect = ACCEPTABLE, desc = "claimed first; done")
@Outcome(
    id = "false, true, CANCELLED",
    expect = ACCEPTABLE,
    desc = "cancelled first; firmware is not entered")
@Outcome(
    id = {"true, true, .*", "false, false, .*"},
    expect = FORBIDDEN,
    desc = "ended twice or never (I-27)")
@State
public class CompleteAgainstCancel {
  private final DispatchCall call = CallInState.queued();

  @Actor
  public void worker(ZZL_Result r) {
    r.r1 = call.claim(1) && call.complete(1, CallInState.RESULT);
  }

  @Actor
  public void caller(ZZL_Result r) {
    r.r2 = call.cancel(1, CANCELLED);
  }

  @Arbiter
  public void told(ZZL_Result r) {
    r.r3 = call.ended(1).outcome();
  }
}

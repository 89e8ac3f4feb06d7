// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.call;

import static io.efirts.api.Outcome.CLOSED;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/** The worker claims while somebody cancels: one of them has the call (I-5). */
@JCStressTest
@Outcome(id = "true, false, true", expect = ACCEPTABLE, desc = "claimed; it is running")
@Outcome(
    id = "false, true, false",
    expect = ACCEPTABLE,
    desc = "cancelled; firmware is not entered")
@Outcome(id = "true, true, .*", expect = FORBIDDEN, desc = "a cancelled call is made (I-5)")
@Outcome(id = "false, false, .*", expect = FORBIDDEN, desc = "nobody has the call (I-27)")
@State
public class ClaimAgainstCancel {
  private final DispatchCall call = CallInState.queued();

  @Actor
  public void worker(ZZZ_Result r) {
    r.r1 = call.claim(1);
  }

  @Actor
  public void canceller(ZZZ_Result r) {
    r.r2 = call.cancel(1, CLOSED);
  }

  @Arbiter
  public void after(ZZZ_Result r) {
    r.r3 = call.pending();
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.call;

import static io.efirts.api.Outcome.CLOSED;
import static io.efirts.api.Outcome.TIMED_OUT;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZL_Result;

/** Two parties end a queued call for different reasons: the caller is told the winner's (I-27). */
@JCStressTest
@Outcome(id = "true, false, TIMED_OUT", expect = ACCEPTABLE, desc = "the deadline came first")
@Outcome(id = "false, true, CLOSED", expect = ACCEPTABLE, desc = "the close came first")
@Outcome(
    id = {"true, true, .*", "false, false, .*"},
    expect = FORBIDDEN,
    desc = "ended twice or never (I-27)")
@Outcome(
    id = {"true, false, CLOSED", "false, true, TIMED_OUT"},
    expect = FORBIDDEN,
    desc = "told the loser's reason")
@State
public class CancelAgainstCancel {
  private final DispatchCall call = CallInState.queued();

  @Actor
  public void deadline(ZZL_Result r) {
    r.r1 = call.cancel(1, TIMED_OUT);
  }

  @Actor
  public void close(ZZL_Result r) {
    r.r2 = call.cancel(1, CLOSED);
  }

  @Arbiter
  public void told(ZZL_Result r) {
    r.r3 = call.ended(1).outcome();
  }
}

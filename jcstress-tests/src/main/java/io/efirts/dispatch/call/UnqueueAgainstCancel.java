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

/** A start takes its call back from a full ring while a close ends it: one of the two (I-27). */
@JCStressTest
@Outcome(id = "true, false, false", expect = ACCEPTABLE, desc = "it is the caller's again")
@Outcome(id = "false, true, true", expect = ACCEPTABLE, desc = "the close came first")
@Outcome(
    id = {"true, true, .*", "false, false, .*"},
    expect = FORBIDDEN,
    desc = "refused and delivered, or neither (I-27)")
@Outcome(
    id = {"true, false, true", "false, true, false"},
    expect = FORBIDDEN,
    desc = "the loser's state is left behind")
@State
public class UnqueueAgainstCancel {
  private final DispatchCall call = CallInState.queued();

  @Actor
  public void start(ZZZ_Result r) {
    r.r1 = call.unqueue(1);
  }

  @Actor
  public void close(ZZZ_Result r) {
    r.r2 = call.cancel(1, CLOSED);
  }

  @Arbiter
  public void ended(ZZZ_Result r) {
    r.r3 = call.hasEnded(1);
  }
}

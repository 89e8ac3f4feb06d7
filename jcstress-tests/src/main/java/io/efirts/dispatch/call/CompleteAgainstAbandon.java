// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.call;

import static io.efirts.api.Outcome.TIMED_OUT;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZL_Result;

/** The result comes at the moment the caller leaves: exactly one of them ends the call (I-27). */
@JCStressTest
@Outcome(
    id = "true, false, COMPLETED",
    expect = ACCEPTABLE,
    desc = "done; the caller gets the result")
@Outcome(
    id = "false, true, TIMED_OUT",
    expect = ACCEPTABLE,
    desc = "abandoned; the late result reaches nobody (I-7)")
@Outcome(
    id = {"true, true, .*", "false, false, .*"},
    expect = FORBIDDEN,
    desc = "ended twice or never (I-27)")
@State
public class CompleteAgainstAbandon {
  private final DispatchCall call = CallInState.running();

  @Actor
  public void worker(ZZL_Result r) {
    r.r1 = call.complete(1, CallInState.RESULT);
  }

  @Actor
  public void caller(ZZL_Result r) {
    r.r2 = call.abandon(1, TIMED_OUT);
  }

  @Arbiter
  public void told(ZZL_Result r) {
    r.r3 = call.ended(1).outcome();
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.call;

import static io.efirts.api.Outcome.CLOSED;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.api.CallResult;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZL_Result;

/** A close sweeps the pool while the worker claims: one of them has the call (I-27). */
@JCStressTest
@Outcome(
    id = "true, null",
    expect = ACCEPTABLE,
    desc = "claimed; the sweep leaves it to the worker")
@Outcome(id = "false, CLOSED", expect = ACCEPTABLE, desc = "swept; the worker skips it")
@Outcome(
    id = "true, CLOSED",
    expect = FORBIDDEN,
    desc = "a call that was told cancelled is made (I-5)")
@Outcome(
    id = "false, null",
    expect = FORBIDDEN,
    desc = "neither swept nor claimed: its caller waits for ever (I-27)")
@State
public class SweepAgainstClaim {
  private final CallPool pool = CallInState.poolOfOne();
  private final DispatchCall call = pool.take();

  /** The call is queued. */
  public SweepAgainstClaim() {
    call.queue(1);
  }

  @Actor
  public void worker(ZL_Result r) {
    r.r1 = call.claim(1);
  }

  @Actor
  public void close() {
    pool.sweep(CLOSED);
  }

  @Arbiter
  public void told(ZL_Result r) {
    CallResult ended = call.ended(1);
    r.r2 = ended == null ? null : ended.outcome();
  }
}

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
import org.openjdk.jcstress.infra.results.Z_Result;

/** A sweep meets a call that is given back and lent again but not queued: it leaves it alone. */
@JCStressTest
@Outcome(
    id = "true",
    expect = ACCEPTABLE,
    desc = "the borrower's call is still idle and can be queued and claimed")
@Outcome(id = "false", expect = FORBIDDEN, desc = "the sweep ended a call that was not queued")
@State
public class SweepAgainstRenewal {
  private final CallPool pool = CallInState.poolOfOne();
  private final DispatchCall call = pool.take();

  /** The call is queued. */
  public SweepAgainstRenewal() {
    call.queue(1);
  }

  @Actor
  public void caller() {
    call.cancel(1, TIMED_OUT);
    pool.giveBack(call, 1);
    pool.take();
  }

  @Actor
  public void close() {
    pool.sweep(CLOSED);
  }

  @Arbiter
  public void next(Z_Result r) {
    call.queue(2);
    r.r1 = call.claim(2);
  }
}

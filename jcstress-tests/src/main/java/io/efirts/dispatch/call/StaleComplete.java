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
import org.openjdk.jcstress.infra.results.ZL_Result;

/** A completion of an old generation while the call is lent and run again reaches nobody (I-7). */
@JCStressTest
@Outcome(
    id = "false, null",
    expect = ACCEPTABLE,
    desc = "the late completion is refused, the new call still runs")
@Outcome(id = "true, .*", expect = FORBIDDEN, desc = "the late completion was taken")
@Outcome(
    id = "false, (?!null).*",
    expect = FORBIDDEN,
    desc = "the new caller was given the old result (I-7)")
@State
public class StaleComplete {
  private final DispatchCall call = CallInState.queued();

  /** Generation 1 is cancelled. */
  public StaleComplete() {
    call.cancel(1, TIMED_OUT);
  }

  @Actor
  public void caller() {
    call.handBackByCaller(1);
    call.queue(2);
    call.claim(2);
  }

  @Actor
  public void late(ZL_Result r) {
    r.r1 = call.complete(1, CallInState.RESULT);
  }

  @Arbiter
  public void told(ZL_Result r) {
    r.r2 = call.ended(2);
  }
}

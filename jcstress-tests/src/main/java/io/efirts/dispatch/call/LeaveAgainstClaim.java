// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.call;

import static io.efirts.api.Outcome.TIMED_OUT;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.api.CallResult;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZL_Result;

/**
 * A caller leaves as it does at its deadline, cancel or else abandon, while the worker claims: it
 * gets away in either case, and is told truly whether firmware may still write (I-8).
 */
@JCStressTest
@Outcome(
    id = "true, true",
    expect = ACCEPTABLE,
    desc = "claimed and then abandoned: firmware may still write")
@Outcome(
    id = "false, false",
    expect = ACCEPTABLE,
    desc = "cancelled: firmware was not and will not be entered")
@Outcome(id = ".*, null", expect = FORBIDDEN, desc = "the caller cannot leave")
@Outcome(
    id = "true, false",
    expect = FORBIDDEN,
    desc = "firmware has the buffers of a caller that was told it has not (I-8)")
@State
public class LeaveAgainstClaim {
  private final DispatchCall call = CallInState.queued();

  @Actor
  public void worker(ZL_Result r) {
    r.r1 = call.claim(1);
  }

  @Actor
  public void caller(ZL_Result r) {
    if (!call.cancel(1, TIMED_OUT)) {
      call.abandon(1, TIMED_OUT);
    }
    CallResult told = call.ended(1);
    r.r2 = told == null ? null : told.firmwareMayStillWrite();
  }
}

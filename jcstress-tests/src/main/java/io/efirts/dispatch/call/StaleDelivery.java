// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.call;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** The watch comes late to a call that was delivered, handed back and lent again (I-7). */
@JCStressTest
@Outcome(
    id = "false, true",
    expect = ACCEPTABLE,
    desc = "nothing left to deliver; the new call's delivery is its own")
@Outcome(id = "true, .*", expect = FORBIDDEN, desc = "the old call was delivered twice (I-27)")
@Outcome(
    id = "false, false",
    expect = FORBIDDEN,
    desc = "the new call's delivery was taken away (I-27)")
@State
public class StaleDelivery {
  private final DispatchCall call = CallInState.running();

  /** The call is done and delivered. */
  public StaleDelivery() {
    call.complete(1, CallInState.RESULT);
    call.claimDelivery(1);
  }

  @Actor
  public void next(ZZ_Result r) {
    call.handBackByCaller(1);
    call.queue(2);
    call.claim(2);
    call.complete(2, CallInState.RESULT);
    r.r2 = call.claimDelivery(2);
  }

  @Actor
  public void watch(ZZ_Result r) {
    r.r1 = call.claimDelivery(1);
  }
}

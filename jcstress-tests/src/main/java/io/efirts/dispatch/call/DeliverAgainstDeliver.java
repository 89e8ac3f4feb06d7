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

/** Worker and watch deliver the result of a call that nobody waits for: exactly one does (I-27). */
@JCStressTest
@Outcome(
    id = {"true, false", "false, true"},
    expect = ACCEPTABLE,
    desc = "delivered once")
@Outcome(id = "true, true", expect = FORBIDDEN, desc = "the handler runs twice (I-27)")
@Outcome(id = "false, false", expect = FORBIDDEN, desc = "the handler never runs (I-27)")
@State
public class DeliverAgainstDeliver {
  private final DispatchCall call = CallInState.running();

  /** The call is done. */
  public DeliverAgainstDeliver() {
    call.complete(1, CallInState.RESULT);
  }

  @Actor
  public void worker(ZZ_Result r) {
    r.r1 = call.claimDelivery(1);
  }

  @Actor
  public void watch(ZZ_Result r) {
    r.r2 = call.claimDelivery(1);
  }
}

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
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Somebody cancels a generation that ends and is lent again: the next one is not hit (I-27). */
@JCStressTest
@Outcome(id = "false, true", expect = ACCEPTABLE, desc = "the new call is untouched")
@Outcome(id = "true, .*", expect = FORBIDDEN, desc = "a call that had ended was cancelled")
@Outcome(
    id = "false, false",
    expect = FORBIDDEN,
    desc = "the new call was cancelled for the old one's sake")
@State
public class StaleCancel {
  private final DispatchCall call = CallInState.running();

  /** Generation 1 is done. */
  public StaleCancel() {
    call.complete(1, CallInState.RESULT);
  }

  @Actor
  public void caller() {
    call.handBackByCaller(1);
    call.queue(2);
  }

  @Actor
  public void canceller(ZZ_Result r) {
    r.r1 = call.cancel(1, CLOSED);
  }

  @Arbiter
  public void nextSlot(ZZ_Result r) {
    r.r2 = call.claim(2);
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.call;

import static io.efirts.api.Outcome.INTERRUPTED;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** The worker comes to a slot whose call is being lent and queued again: it skips it (I-7). */
@JCStressTest
@Outcome(
    id = "false, true",
    expect = ACCEPTABLE,
    desc = "the stale slot is skipped, the new one is claimed")
@Outcome(
    id = "true, .*",
    expect = FORBIDDEN,
    desc = "the new call was made out of turn, by its old slot")
@Outcome(id = "false, false", expect = FORBIDDEN, desc = "the new call is lost (I-27)")
@State
public class StaleClaim {
  private final DispatchCall call = CallInState.queued();

  /** Generation 1 is cancelled; its slot is still in the ring. */
  public StaleClaim() {
    call.cancel(1, INTERRUPTED);
  }

  @Actor
  public void caller() {
    call.handBackByCaller(1);
    call.queue(2);
  }

  @Actor
  public void worker(ZZ_Result r) {
    r.r1 = call.claim(1);
  }

  @Arbiter
  public void nextSlot(ZZ_Result r) {
    r.r2 = call.claim(2);
  }
}

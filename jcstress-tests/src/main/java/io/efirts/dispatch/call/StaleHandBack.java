// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.call;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/** A caller hands back a generation twice while the call is lent again: only once (I-27). */
@JCStressTest
@Outcome(
    id = {"true, false, true", "false, true, true"},
    expect = ACCEPTABLE,
    desc = "handed back once; the next generation lives")
@Outcome(id = "true, true, .*", expect = FORBIDDEN, desc = "the pool would get the call twice")
@Outcome(
    id = ".*, .*, false",
    expect = FORBIDDEN,
    desc = "the next generation was ended by the previous one's caller")
@State
public class StaleHandBack {
  private final DispatchCall call = CallInState.abandoned();

  /** The worker is through with generation 1, so its caller has to give it back. */
  public StaleHandBack() {
    call.handBackByWorker(1);
  }

  @Actor
  public void caller(ZZZ_Result r) {
    r.r1 = call.handBackByCaller(1);
    call.queue(2);
  }

  @Actor
  public void worker(ZZZ_Result r) {
    r.r2 = call.handBackByWorker(1);
  }

  @Arbiter
  public void next(ZZZ_Result r) {
    r.r3 = call.claim(2);
  }
}

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
import org.openjdk.jcstress.infra.results.ZZJ_Result;

/**
 * An error tears a caller out of its wait while the worker completes: whatever comes first, the
 * call is given back once (I-27).
 */
@JCStressTest
@Outcome(
    id = {"true, false, 2", "false, true, 2"},
    expect = ACCEPTABLE,
    desc = "one of them gives it back, in a new generation")
@Outcome(id = "true, true, .*", expect = FORBIDDEN, desc = "the pool gets the call twice")
@Outcome(id = "false, false, .*", expect = FORBIDDEN, desc = "the call is lost to the pool")
@State
public class HandBackAgainstComplete {
  private final DispatchCall call = CallInState.running();

  @Actor
  public void caller(ZZJ_Result r) {
    r.r1 = call.handBackByCaller(1);
  }

  @Actor
  public void worker(ZZJ_Result r) {
    r.r2 = !call.complete(1, CallInState.RESULT) && call.handBackByWorker(1);
  }

  @Arbiter
  public void after(ZZJ_Result r) {
    r.r3 = call.generation();
  }
}

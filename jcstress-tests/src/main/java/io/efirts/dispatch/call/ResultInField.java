// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.call;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.api.CallResult;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** A result that the completion word cannot hold is read from the call's field (I-7). */
@JCStressTest
@Outcome(id = "not done yet", expect = ACCEPTABLE, desc = "the caller looked too early")
@Outcome(id = "sees it", expect = ACCEPTABLE, desc = "the field was written before the word")
@Outcome(
    id = "misses it",
    expect = FORBIDDEN,
    desc = "the caller has no result, or the previous call's")
@State
public class ResultInField {
  private static final CallResult UNNAMED = CallResult.completed(0x1234);

  private final DispatchCall call = CallInState.running();

  /** Generation 1 ended with another result, which the field still holds. */
  public ResultInField() {
    call.complete(1, CallInState.RESULT);
    call.handBackByCaller(1);
    call.queue(2);
    call.claim(2);
  }

  @Actor
  public void worker() {
    call.complete(2, UNNAMED);
  }

  @Actor
  public void caller(L_Result r) {
    if (call.completed(2)) {
      r.r1 = call.completedResult(2) == UNNAMED ? "sees it" : "misses it";
    } else {
      r.r1 = "not done yet";
    }
  }
}

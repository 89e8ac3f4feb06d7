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

/** Two callers want the last free call: exactly one gets it. */
@JCStressTest
@Outcome(
    id = {"true, false", "false, true"},
    expect = ACCEPTABLE,
    desc = "one has it, the other waits")
@Outcome(id = "true, true", expect = FORBIDDEN, desc = "both pack into one work item (I-7)")
@Outcome(id = "false, false", expect = FORBIDDEN, desc = "the call was free and nobody got it")
@State
public class PoolTakeAgainstTake {
  private final CallPool pool = CallInState.poolOfOne();

  @Actor
  public void one(ZZ_Result r) {
    r.r1 = pool.take() != null;
  }

  @Actor
  public void other(ZZ_Result r) {
    r.r2 = pool.take() != null;
  }
}

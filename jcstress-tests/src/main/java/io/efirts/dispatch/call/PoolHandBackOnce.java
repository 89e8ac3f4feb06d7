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
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Caller and worker let go of an abandoned call: the pool gets it back, and once (I-27). */
@JCStressTest
@Outcome(id = "true, false", expect = ACCEPTABLE, desc = "the pool has its call")
@Outcome(id = "true, true", expect = FORBIDDEN, desc = "the pool lends one call to two callers")
@Outcome(id = "false, .*", expect = FORBIDDEN, desc = "the pool has lost its call")
@State
public class PoolHandBackOnce {
  private final CallPool pool = CallInState.poolOfOne();
  private final DispatchCall call = pool.take();

  /** The call is abandoned. */
  public PoolHandBackOnce() {
    call.queue(1);
    call.claim(1);
    call.abandon(1, TIMED_OUT);
  }

  @Actor
  public void caller() {
    pool.giveBack(call, 1);
  }

  @Actor
  public void worker() {
    pool.giveBackAbandoned(call, 1);
  }

  @Arbiter
  public void lend(ZZ_Result r) {
    r.r1 = pool.take() != null;
    r.r2 = pool.take() != null;
  }
}

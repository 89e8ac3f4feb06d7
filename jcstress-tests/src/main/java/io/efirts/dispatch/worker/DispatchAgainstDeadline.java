// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.worker;

import static io.efirts.api.Outcome.TIMED_OUT;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JZZ_Result;

/**
 * A caller leaves at its deadline and hands its call back while the worker dispatches: the pool
 * gets the call once, and not before firmware is out of it (I-7, I-8, I-27).
 */
@JCStressTest
@Outcome(
    id = "2, true, false",
    expect = ACCEPTABLE,
    desc = "back in the pool, once, in a new generation")
@Outcome(id = ".*, true, true", expect = FORBIDDEN, desc = "the pool lends one call to two callers")
@Outcome(id = ".*, false, .*", expect = FORBIDDEN, desc = "the pool has lost its call")
@State
public class DispatchAgainstDeadline {
  private final QueuedCall queued = new QueuedCall();

  @Actor
  public void worker() {
    queued.runWorker();
  }

  @Actor
  public void caller() {
    if (!queued.call.cancel(1, TIMED_OUT)) {
      queued.call.abandon(1, TIMED_OUT);
    }
    queued.pool.giveBack(queued.call, 1);
  }

  @Arbiter
  public void lend(JZZ_Result r) {
    r.r1 = queued.call.generation();
    r.r2 = queued.pool.take() != null;
    r.r3 = queued.pool.take() != null;
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.worker;

import static io.efirts.api.Outcome.INTERRUPTED;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZLL_Result;

/**
 * A waiting caller is interrupted while the worker dispatches its call: it acts before the claim or
 * not at all, and the gate is free afterwards in either case (I-6).
 */
@JCStressTest
@Outcome(
    id = "true, INTERRUPTED, entries 0, FREE",
    expect = ACCEPTABLE,
    desc = "before dispatch: firmware is not entered")
@Outcome(
    id = "false, COMPLETED, entries 1, FREE",
    expect = ACCEPTABLE,
    desc = "after dispatch: the interrupt has no effect")
@Outcome(
    id = ".*, entries 1, FREE",
    expect = FORBIDDEN,
    desc = "firmware was entered for an interrupted call (I-5, I-6)")
@Outcome(id = ".*, (HELD|ENTERED)", expect = FORBIDDEN, desc = "the gate was left taken (I-10)")
@State
public class InterruptAgainstDispatch {
  private final QueuedCall queued = new QueuedCall();

  @Actor
  public void worker() {
    queued.runWorker();
  }

  @Actor
  public void caller(ZLL_Result r) {
    r.r1 = queued.call.cancel(1, INTERRUPTED);
  }

  @Arbiter
  public void after(ZLL_Result r) {
    r.r2 = queued.ending();
    r.r3 = queued.gate.phase();
  }
}

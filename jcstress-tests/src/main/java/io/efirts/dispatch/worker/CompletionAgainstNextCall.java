// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.worker;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * A caller that sees its call done finds the gate free: the worker leaves before it completes, so a
 * caller's next call is never refused on account of its previous one.
 */
@JCStressTest
@Outcome(id = "not done yet", expect = ACCEPTABLE, desc = "looked too early")
@Outcome(id = "done, FREE", expect = ACCEPTABLE, desc = "released before it was completed")
@Outcome(
    id = "done, ENTERED",
    expect = FORBIDDEN,
    desc = "the caller's own previous call is in its way")
@State
public class CompletionAgainstNextCall {
  private final QueuedCall queued = new QueuedCall();

  @Actor
  public void worker() {
    queued.runWorker();
  }

  @Actor
  public void caller(L_Result r) {
    r.r1 = queued.call.completed(1) ? "done, " + queued.gate.phase() : "not done yet";
  }
}

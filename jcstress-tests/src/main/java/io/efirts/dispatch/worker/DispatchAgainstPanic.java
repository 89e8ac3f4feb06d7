// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.worker;

import static io.efirts.api.Outcome.EMERGENCY;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.dispatch.mode.DispatcherMode;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LZL_Result;

/**
 * A panic takes the firmware over while the worker dispatches: a call that reached firmware leaves
 * it marked as interrupted unless it was out before, and every call ends (I-1, I-27).
 */
@JCStressTest
@Outcome(
    id = "COMPLETED, entries 1, .*, EMERGENCY",
    expect = ACCEPTABLE,
    desc = "made, before the panic or under it")
@Outcome(
    id = "EMERGENCY, entries 0, .*, EMERGENCY",
    expect = ACCEPTABLE,
    desc = "cancelled; firmware was not entered")
@Outcome(
    id = "EMERGENCY, entries 1, .*",
    expect = FORBIDDEN,
    desc = "a cancelled call was made (I-5)")
@Outcome(id = "not ended, .*", expect = FORBIDDEN, desc = "nobody ends the call (I-27)")
@Outcome(
    id = ".*, (NOBODY|WORKER)",
    expect = FORBIDDEN,
    desc = "the worker took the gate from the panicking thread, or freed it (I-1)")
@State
public class DispatchAgainstPanic {
  private final QueuedCall queued = new QueuedCall();

  @Actor
  public void worker() {
    queued.runWorker();
  }

  @Actor
  public void panic() {
    queued.gate.changeMode(DispatcherMode.OPEN, DispatcherMode.EMERGENCY);
    queued.pool.mark(EMERGENCY);
    queued.gate.seize();
  }

  @Arbiter
  public void after(LZL_Result r) {
    r.r1 = queued.ending();
    r.r2 = queued.gate.isDamaged();
    r.r3 = queued.gate.owner();
  }
}

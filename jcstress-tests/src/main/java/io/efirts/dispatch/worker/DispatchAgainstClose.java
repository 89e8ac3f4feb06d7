// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.worker;

import static io.efirts.api.Outcome.CLOSED;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.dispatch.mode.DispatcherMode;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** A close without a wait meets the worker's dispatch: the call is made or cancelled (I-27). */
@JCStressTest
@Outcome(id = "COMPLETED, entries 1", expect = ACCEPTABLE, desc = "made before the close")
@Outcome(id = "CLOSED, entries 0", expect = ACCEPTABLE, desc = "swept, or refused by the worker")
@Outcome(id = "CLOSED, entries 1", expect = FORBIDDEN, desc = "a cancelled call was made (I-5)")
@Outcome(id = "not ended, .*", expect = FORBIDDEN, desc = "nobody ends the call (I-27)")
@State
public class DispatchAgainstClose {
  private final QueuedCall queued = new QueuedCall();

  @Actor
  public void worker() {
    queued.runWorker();
  }

  @Actor
  public void close() {
    queued.gate.changeMode(DispatcherMode.OPEN, DispatcherMode.CLOSED);
    queued.pool.sweep(CLOSED);
  }

  @Arbiter
  public void after(L_Result r) {
    r.r1 = queued.ending();
  }
}

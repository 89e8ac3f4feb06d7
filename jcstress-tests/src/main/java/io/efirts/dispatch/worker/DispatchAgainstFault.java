// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.worker;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.dispatch.gate.FirmwareGate;
import io.efirts.dispatch.gate.GateTarget;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * A crash logger's call faults while the worker dispatches: a queued call is made before the fault
 * or told that the services are disabled, and never waits for ever (I-9, I-27).
 */
@JCStressTest
@Outcome(id = "COMPLETED, entries 1", expect = ACCEPTABLE, desc = "made before the fault")
@Outcome(id = "DISABLED, entries 0", expect = ACCEPTABLE, desc = "refused after the fault")
@Outcome(id = "DISABLED, entries 1", expect = FORBIDDEN, desc = "a refused call was made (I-5)")
@Outcome(id = "not ended, .*", expect = FORBIDDEN, desc = "nobody ends the call (I-27)")
@State
public class DispatchAgainstFault {
  private final QueuedCall queued = new QueuedCall();

  @Actor
  public void worker() {
    queued.runWorker();
  }

  @Actor
  public void bypass() {
    long token = queued.gate.tryAcquire(GateTarget.VENDOR);
    if (token != FirmwareGate.NOT_ACQUIRED) {
      queued.gate.damaged();
      queued.gate.release(token);
    }
  }

  @Arbiter
  public void after(L_Result r) {
    r.r1 = queued.ending();
  }
}

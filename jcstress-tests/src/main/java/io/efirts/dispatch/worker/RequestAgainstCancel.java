// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.worker;

import static io.efirts.api.Outcome.INTERRUPTED;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.dispatch.gate.FirmwareGate;
import io.efirts.dispatch.gate.GateTarget;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LZ_Result;

/**
 * The worker waits for a taken gate while its call is cancelled: it leaves no request behind that
 * would keep every crash logger out for ever (I-4).
 */
@JCStressTest
@Outcome(
    id = "INTERRUPTED, entries 0, true",
    expect = ACCEPTABLE,
    desc = "the worker gave up; the gate is open to crash loggers")
@Outcome(
    id = "INTERRUPTED, entries 0, false",
    expect = FORBIDDEN,
    desc = "reserved for a worker that does not come (I-4)")
@State
public class RequestAgainstCancel {
  private final QueuedCall queued = new QueuedCall();
  private final long holder = queued.gate.tryAcquire(GateTarget.VENDOR);

  @Actor
  public void worker() {
    queued.runWorker();
  }

  @Actor
  public void caller() {
    queued.call.cancel(1, INTERRUPTED);
  }

  @Arbiter
  public void after(LZ_Result r) {
    r.r1 = queued.ending();
    queued.gate.release(holder);
    r.r2 = queued.gate.tryAcquire(GateTarget.VENDOR) != FirmwareGate.NOT_ACQUIRED;
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.gate;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * A reset waits for the gate. Its owner leaves and the worker comes at once: the reset comes first,
 * so that a busy queue cannot keep it waiting (I-4).
 */
@JCStressTest
@Outcome(id = "false, true", expect = ACCEPTABLE, desc = "the reset is in")
@Outcome(
    id = "false, false",
    expect = ACCEPTABLE,
    desc = "the reset looked too early and is still next")
@Outcome(id = "true, .*", expect = FORBIDDEN, desc = "the worker overtook the waiting reset (I-4)")
@State
public class ResetAgainstWorker {
  private final FirmwareGate gate = new FirmwareGate();
  private final long owner = gate.tryAcquire(GateTarget.VENDOR);

  /** The reset asks. */
  public ResetAgainstWorker() {
    gate.tryAcquireForReset(GateTarget.VENDOR);
  }

  @Actor
  public void worker(ZZ_Result r) {
    gate.release(owner);
    r.r1 = gate.tryAcquireAsWorker(GateTarget.VENDOR) != FirmwareGate.NOT_ACQUIRED;
  }

  @Actor
  public void reset(ZZ_Result r) {
    r.r2 = gate.tryAcquireForReset(GateTarget.VENDOR) != FirmwareGate.NOT_ACQUIRED;
  }
}

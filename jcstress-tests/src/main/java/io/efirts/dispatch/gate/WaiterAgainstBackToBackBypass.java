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
 * The worker has asked for the gate. The crash logger that has it leaves and tries again at once:
 * the worker comes first, so back-to-back crash writes delay it by one hold (I-11).
 */
@JCStressTest
@Outcome(id = "false, true", expect = ACCEPTABLE, desc = "the worker is in")
@Outcome(
    id = "false, false",
    expect = ACCEPTABLE,
    desc = "the worker looked too early and is still next")
@Outcome(
    id = "true, .*",
    expect = FORBIDDEN,
    desc = "the crash logger overtook the waiting worker (I-11)")
@State
public class WaiterAgainstBackToBackBypass {
  private final FirmwareGate gate = new FirmwareGate();
  private final long owner = gate.tryAcquire(GateTarget.VENDOR);

  /** The worker asks. */
  public WaiterAgainstBackToBackBypass() {
    gate.tryAcquireAsWorker(GateTarget.VENDOR);
  }

  @Actor
  public void bypass(ZZ_Result r) {
    gate.release(owner);
    r.r1 = gate.tryAcquire(GateTarget.VENDOR) != FirmwareGate.NOT_ACQUIRED;
  }

  @Actor
  public void worker(ZZ_Result r) {
    r.r2 = gate.tryAcquireAsWorker(GateTarget.VENDOR) != FirmwareGate.NOT_ACQUIRED;
  }
}

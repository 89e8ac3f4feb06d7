// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.gate;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** The worker asks while the owner leaves: it gets the gate or is next, its request is not lost. */
@JCStressTest
@Outcome(id = "true, false", expect = ACCEPTABLE, desc = "the worker is in")
@Outcome(
    id = "false, false",
    expect = ACCEPTABLE,
    desc = "the worker asked before the release and is next")
@Outcome(
    id = "false, true",
    expect = FORBIDDEN,
    desc = "the release wiped the request: the worker can be starved (I-11)")
@Outcome(id = "true, true", expect = FORBIDDEN, desc = "the gate was given out twice (I-1)")
@State
public class WaiterAgainstRelease {
  private final FirmwareGate gate = new FirmwareGate();
  private final long owner = gate.tryAcquire(GateTarget.VENDOR);

  @Actor
  public void release() {
    gate.release(owner);
  }

  @Actor
  public void worker(ZZ_Result r) {
    r.r1 = gate.tryAcquireAsWorker(GateTarget.VENDOR) != FirmwareGate.NOT_ACQUIRED;
  }

  @Arbiter
  public void nextBypass(ZZ_Result r) {
    r.r2 = gate.tryAcquire(GateTarget.VENDOR) != FirmwareGate.NOT_ACQUIRED;
  }
}

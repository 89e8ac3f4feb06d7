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
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/** The owner leaves while another thread tries to get in: a release is never lost (I-10). */
@JCStressTest
@Outcome(id = "true, true, false", expect = ACCEPTABLE, desc = "the gate changed hands")
@Outcome(
    id = "true, false, true",
    expect = ACCEPTABLE,
    desc = "came too early and was refused; the gate is free afterwards")
@Outcome(id = "false, .*", expect = FORBIDDEN, desc = "the owner was told it had been fenced")
@Outcome(
    id = "true, false, false",
    expect = FORBIDDEN,
    desc = "nobody has the gate and nobody can get it (I-10)")
@Outcome(id = "true, true, true", expect = FORBIDDEN, desc = "the gate was given out twice (I-1)")
@State
public class ReleaseAgainstAcquire {
  private final FirmwareGate gate = new FirmwareGate();
  private final long owner = gate.tryAcquireForReset(GateTarget.VENDOR);

  @Actor
  public void release(ZZZ_Result r) {
    r.r1 = gate.release(owner);
  }

  @Actor
  public void acquire(ZZZ_Result r) {
    r.r2 = gate.tryAcquire(GateTarget.VENDOR) != FirmwareGate.NOT_ACQUIRED;
  }

  @Arbiter
  public void third(ZZZ_Result r) {
    r.r3 = gate.tryAcquire(GateTarget.VENDOR) != FirmwareGate.NOT_ACQUIRED;
  }
}

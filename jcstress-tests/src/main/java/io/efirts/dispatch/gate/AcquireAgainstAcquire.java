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

/** Two threads that must not wait want the free gate: exactly one gets it (I-1). */
@JCStressTest
@Outcome(
    id = {"true, false", "false, true"},
    expect = ACCEPTABLE,
    desc = "one has the gate, the other was refused")
@Outcome(id = "true, true", expect = FORBIDDEN, desc = "both are in: two entries at a time (I-1)")
@Outcome(id = "false, false", expect = FORBIDDEN, desc = "the gate was free and nobody got it")
@State
public class AcquireAgainstAcquire {
  private final FirmwareGate gate = new FirmwareGate();

  @Actor
  public void bypass(ZZ_Result r) {
    r.r1 = gate.tryAcquire(GateTarget.VENDOR) != FirmwareGate.NOT_ACQUIRED;
  }

  @Actor
  public void reset(ZZ_Result r) {
    r.r2 = gate.tryAcquireForReset(GateTarget.VENDOR) != FirmwareGate.NOT_ACQUIRED;
  }
}

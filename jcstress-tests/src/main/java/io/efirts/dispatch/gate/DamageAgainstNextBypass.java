// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.gate;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** Firmware faults and its owner leaves; a crash logger that comes next is refused (I-9). */
@JCStressTest
@Outcome(id = "false", expect = ACCEPTABLE, desc = "refused: taken before, disabled afterwards")
@Outcome(
    id = "true",
    expect = FORBIDDEN,
    desc = "the next caller reached the faulted firmware (I-9)")
@State
public class DamageAgainstNextBypass {
  private final FirmwareGate gate = new FirmwareGate();
  private final long owner = gate.tryAcquireAsWorker(GateTarget.VENDOR);

  @Actor
  public void fault() {
    gate.damaged();
    gate.release(owner);
  }

  @Actor
  public void next(Z_Result r) {
    r.r1 = gate.tryAcquire(GateTarget.VENDOR) != FirmwareGate.NOT_ACQUIRED;
  }
}

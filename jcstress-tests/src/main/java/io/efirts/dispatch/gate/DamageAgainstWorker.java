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
import org.openjdk.jcstress.infra.results.ZL_Result;

/** A crash logger's call faults and it leaves; the worker that waits is refused (I-9). */
@JCStressTest
@Outcome(
    id = "false, DISABLED",
    expect = ACCEPTABLE,
    desc = "refused: taken before, disabled afterwards")
@Outcome(
    id = "true, .*",
    expect = FORBIDDEN,
    desc = "a queued call reached the faulted firmware (I-9)")
@Outcome(
    id = "false, OPEN",
    expect = FORBIDDEN,
    desc = "the worker's request overwrote the fault (I-9)")
@State
public class DamageAgainstWorker {
  private final FirmwareGate gate = new FirmwareGate();
  private final long owner = gate.tryAcquire(GateTarget.VENDOR);

  @Actor
  public void fault() {
    gate.damaged();
    gate.release(owner);
  }

  @Actor
  public void worker(ZL_Result r) {
    r.r1 = gate.tryAcquireAsWorker(GateTarget.VENDOR) != FirmwareGate.NOT_ACQUIRED;
  }

  @Arbiter
  public void after(ZL_Result r) {
    r.r2 = gate.mode();
  }
}

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
import org.openjdk.jcstress.infra.results.ZZL_Result;

/** An owner whose hold is over releases once more: it never frees the next owner's hold (I-1). */
@JCStressTest
@Outcome(
    id = "false, true, ENTERED",
    expect = ACCEPTABLE,
    desc = "the stale release failed, the new owner is inside")
@Outcome(id = "true, .*", expect = FORBIDDEN, desc = "the stale release succeeded")
@Outcome(
    id = "false, .*, FREE",
    expect = FORBIDDEN,
    desc = "the gate is free with somebody inside (I-1)")
@State
public class StaleReleaseAgainstAcquire {
  private final FirmwareGate gate = new FirmwareGate();
  private final long stale = gate.tryAcquire(GateTarget.VENDOR);

  /** The hold ends. */
  public StaleReleaseAgainstAcquire() {
    gate.release(stale);
  }

  @Actor
  public void stale(ZZL_Result r) {
    r.r1 = gate.release(stale);
  }

  @Actor
  public void next(ZZL_Result r) {
    r.r2 = gate.enter(gate.tryAcquire(GateTarget.VENDOR));
  }

  @Arbiter
  public void after(ZZL_Result r) {
    r.r3 = gate.phase();
  }
}

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
import org.openjdk.jcstress.infra.results.ZLZ_Result;

/** An owner enters while a fault disables the services: neither step undoes the other (I-9). */
@JCStressTest
@Outcome(
    id = "true, DISABLED, true",
    expect = ACCEPTABLE,
    desc = "entered just before; disabled all the same")
@Outcome(
    id = "false, DISABLED, true",
    expect = ACCEPTABLE,
    desc = "disabled first; the owner stays out")
@Outcome(
    id = {".*, OPEN, .*", ".*, false"},
    expect = FORBIDDEN,
    desc = "the fault was overwritten: disabling is not sticky (I-9)")
@State
public class EnterAgainstDamage {
  private final FirmwareGate gate = new FirmwareGate();
  private final long owner = gate.tryAcquire(GateTarget.VENDOR);

  @Actor
  public void enter(ZLZ_Result r) {
    r.r1 = gate.enter(owner);
  }

  @Actor
  public void fault() {
    gate.damaged();
  }

  @Arbiter
  public void after(ZLZ_Result r) {
    r.r2 = gate.mode();
    r.r3 = gate.isDamaged();
  }
}

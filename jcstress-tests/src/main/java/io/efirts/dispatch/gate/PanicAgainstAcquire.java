// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.gate;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.dispatch.mode.DispatcherMode;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZL_Result;

/** A panic takes the firmware over while a crash logger comes: nobody enters behind it (I-1). */
@JCStressTest
@Outcome(
    id = "false, EMERGENCY",
    expect = ACCEPTABLE,
    desc = "refused, or fenced before it entered")
@Outcome(id = "true, EMERGENCY", expect = ACCEPTABLE, desc = "made its call before the panic")
@Outcome(
    id = ".*, (NOBODY|BYPASS)",
    expect = FORBIDDEN,
    desc = "the crash logger has or freed the panicking thread's gate (I-1)")
@State
public class PanicAgainstAcquire {
  private final FirmwareGate gate = new FirmwareGate();

  @Actor
  public void bypass(ZL_Result r) {
    long token = gate.tryAcquire(GateTarget.VENDOR);
    r.r1 = token != FirmwareGate.NOT_ACQUIRED && gate.enter(token) && gate.exit(token);
    gate.release(token);
  }

  @Actor
  public void panic() {
    gate.changeMode(DispatcherMode.OPEN, DispatcherMode.EMERGENCY);
    gate.seize();
  }

  @Arbiter
  public void after(ZL_Result r) {
    r.r2 = gate.owner();
  }
}

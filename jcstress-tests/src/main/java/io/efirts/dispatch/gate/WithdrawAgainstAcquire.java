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

/** A worker that gives up waiting lets crash loggers in again, whoever comes at that moment. */
@JCStressTest
@Outcome(id = "true, false", expect = ACCEPTABLE, desc = "came after the withdrawal and is in")
@Outcome(
    id = "false, true",
    expect = ACCEPTABLE,
    desc = "came before it and was refused; the next one is let in")
@Outcome(
    id = "false, false",
    expect = FORBIDDEN,
    desc = "crash loggers are kept out for ever (I-4)")
@Outcome(id = "true, true", expect = FORBIDDEN, desc = "the gate was given out twice (I-1)")
@State
public class WithdrawAgainstAcquire {
  private final FirmwareGate gate = new FirmwareGate();

  /** The worker asked, and the owner it asked left. */
  public WithdrawAgainstAcquire() {
    long owner = gate.tryAcquire(GateTarget.VENDOR);
    gate.tryAcquireAsWorker(GateTarget.VENDOR);
    gate.release(owner);
  }

  @Actor
  public void withdraw() {
    gate.withdrawWaiter();
  }

  @Actor
  public void bypass(ZZ_Result r) {
    r.r1 = gate.tryAcquire(GateTarget.VENDOR) != FirmwareGate.NOT_ACQUIRED;
  }

  @Arbiter
  public void nextBypass(ZZ_Result r) {
    r.r2 = gate.tryAcquire(GateTarget.VENDOR) != FirmwareGate.NOT_ACQUIRED;
  }
}

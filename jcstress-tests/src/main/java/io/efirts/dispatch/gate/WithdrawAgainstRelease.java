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

/** The worker gives up waiting while the owner leaves: afterwards the gate is free for all. */
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "free and not reserved")
@Outcome(
    id = "true, false",
    expect = FORBIDDEN,
    desc = "one of the two steps was lost: crash loggers are kept out (I-4)")
@Outcome(id = "false, .*", expect = FORBIDDEN, desc = "the owner was told it had been fenced")
@State
public class WithdrawAgainstRelease {
  private final FirmwareGate gate = new FirmwareGate();
  private final long owner = gate.tryAcquire(GateTarget.VENDOR);

  /** The worker asks. */
  public WithdrawAgainstRelease() {
    gate.tryAcquireAsWorker(GateTarget.VENDOR);
  }

  @Actor
  public void withdraw() {
    gate.withdrawWaiter();
  }

  @Actor
  public void release(ZZ_Result r) {
    r.r1 = gate.release(owner);
  }

  @Arbiter
  public void nextBypass(ZZ_Result r) {
    r.r2 = gate.tryAcquire(GateTarget.VENDOR) != FirmwareGate.NOT_ACQUIRED;
  }
}

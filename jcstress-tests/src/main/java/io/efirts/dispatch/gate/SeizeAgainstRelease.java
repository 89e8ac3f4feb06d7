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
import org.openjdk.jcstress.infra.results.ZZL_Result;

/**
 * A panic takes the gate from an owner that is leaving: the owner left in time, or learns that it
 * was fenced; the panicking thread has the gate in either case (I-28).
 */
@JCStressTest
@Outcome(
    id = "true, false, EMERGENCY",
    expect = ACCEPTABLE,
    desc = "left in time: the firmware is whole")
@Outcome(
    id = "false, true, EMERGENCY",
    expect = ACCEPTABLE,
    desc = "fenced: the firmware counts as interrupted")
@Outcome(
    id = "true, true, .*",
    expect = FORBIDDEN,
    desc = "told both that it left and that it was interrupted")
@Outcome(
    id = ".*, NOBODY",
    expect = FORBIDDEN,
    desc = "the fenced owner freed the panicking thread's hold (I-1)")
@State
public class SeizeAgainstRelease {
  private final FirmwareGate gate = new FirmwareGate();
  private final long owner = gate.tryAcquireAsWorker(GateTarget.VENDOR);

  /** The panic has set the mode. */
  public SeizeAgainstRelease() {
    gate.changeMode(DispatcherMode.OPEN, DispatcherMode.EMERGENCY);
  }

  @Actor
  public void owner(ZZL_Result r) {
    r.r1 = gate.release(owner);
  }

  @Actor
  public void panic(ZZL_Result r) {
    gate.seize();
    r.r2 = gate.isDamaged();
  }

  @Arbiter
  public void after(ZZL_Result r) {
    r.r3 = gate.owner();
  }
}

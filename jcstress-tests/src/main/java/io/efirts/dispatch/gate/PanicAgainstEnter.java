// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.gate;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.dispatch.mode.DispatcherMode;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/**
 * A panic takes the gate from an owner that is about to enter: either the owner stays out and the
 * firmware is whole, or it got in and the firmware counts as interrupted (I-1).
 */
@JCStressTest
@Outcome(
    id = "true, true, true",
    expect = ACCEPTABLE,
    desc = "the owner is inside: only the crash entry may be used")
@Outcome(
    id = "false, true, false",
    expect = ACCEPTABLE,
    desc = "the owner stays out: the firmware is whole")
@Outcome(
    id = "true, true, false",
    expect = FORBIDDEN,
    desc = "the emergency enters a firmware with somebody inside (I-1)")
@Outcome(
    id = ".*, false, .*",
    expect = FORBIDDEN,
    desc = "the panicking thread did not get the gate (I-18)")
@State
public class PanicAgainstEnter {
  private final FirmwareGate gate = new FirmwareGate();
  private final long owner = gate.tryAcquire(GateTarget.VENDOR);

  @Actor
  public void owner(ZZZ_Result r) {
    r.r1 = gate.enter(owner);
  }

  @Actor
  public void panic(ZZZ_Result r) {
    gate.changeMode(DispatcherMode.OPEN, DispatcherMode.EMERGENCY);
    r.r2 = gate.seize() != FirmwareGate.NOT_ACQUIRED;
    r.r3 = gate.isDamaged();
  }
}

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

/**
 * A disabled firmware is replaced while a reset takes its gate for the crash entry: one of them has
 * it, so that a reset never goes to a firmware that serves no more (I-9).
 */
@JCStressTest
@Outcome(
    id = "true, false, REPLACED",
    expect = ACCEPTABLE,
    desc = "replaced; the reset turns to the new instance")
@Outcome(
    id = "false, true, DISABLED",
    expect = ACCEPTABLE,
    desc = "the reset has the gate; replaced when it is through")
@Outcome(
    id = {"true, true, .*", "false, false, .*"},
    expect = FORBIDDEN,
    desc = "both or neither have it")
@State
public class ReplaceAgainstReset {
  private final FirmwareGate gate = new FirmwareGate();

  /** The firmware faulted. */
  public ReplaceAgainstReset() {
    gate.damaged();
  }

  @Actor
  public void rearm(ZZL_Result r) {
    r.r1 = gate.replace();
  }

  @Actor
  public void reset(ZZL_Result r) {
    r.r2 = gate.seizeForReset(GatePhase.FREE, GateTarget.VENDOR) != FirmwareGate.NOT_ACQUIRED;
  }

  @Arbiter
  public void after(ZZL_Result r) {
    r.r3 = gate.mode();
  }
}

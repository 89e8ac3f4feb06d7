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

/** An owner is given up on just as the next one comes: the next one is not hit (I-10). */
@JCStressTest
@Outcome(
    id = "true, false, WEDGED",
    expect = ACCEPTABLE,
    desc = "given up on before it left; nobody comes next")
@Outcome(
    id = "false, true, HELD",
    expect = ACCEPTABLE,
    desc = "left in time; the next owner is untouched")
@Outcome(
    id = "true, true, .*",
    expect = FORBIDDEN,
    desc = "the next owner was given up on for the last one's sake")
@Outcome(
    id = "false, .*, WEDGED",
    expect = FORBIDDEN,
    desc = "wedged although the look came too late")
@State
public class WedgeAgainstNextOwner {
  private final FirmwareGate gate = new FirmwareGate();
  private final long last = gate.tryAcquireAsWorker(GateTarget.VENDOR);

  @Actor
  public void owners(ZZL_Result r) {
    gate.release(last);
    r.r2 = gate.tryAcquire(GateTarget.VENDOR) != FirmwareGate.NOT_ACQUIRED;
  }

  @Actor
  public void watch(ZZL_Result r) {
    r.r1 = gate.wedge(last);
  }

  @Arbiter
  public void after(ZZL_Result r) {
    r.r3 = gate.phase();
  }
}

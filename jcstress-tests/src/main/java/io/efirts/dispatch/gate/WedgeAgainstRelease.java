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
import org.openjdk.jcstress.infra.results.LL_Result;

/** An owner is given up on while it leaves: it left, or the gate is wedged for good (I-10). */
@JCStressTest
@Outcome(
    id = "true, false, FREE, OPEN",
    expect = ACCEPTABLE,
    desc = "left in time: nothing has happened")
@Outcome(
    id = "false, true, WEDGED, DISABLED",
    expect = ACCEPTABLE,
    desc = "given up on: its release fails, no call is let in")
@Outcome(
    id = {"true, true, .*", "false, false, .*"},
    expect = FORBIDDEN,
    desc = "both or neither took effect")
@Outcome(id = ".*, true, FREE, .*", expect = FORBIDDEN, desc = "a wedged gate was freed (I-10)")
@State
public class WedgeAgainstRelease {
  private final FirmwareGate gate = new FirmwareGate();
  private final long owner = gate.tryAcquireAsWorker(GateTarget.VENDOR);
  private boolean left;
  private boolean wedged;

  @Actor
  public void owner() {
    left = gate.release(owner);
  }

  @Actor
  public void watch() {
    wedged = gate.wedge(owner);
  }

  @Arbiter
  public void after(LL_Result r) {
    r.r1 = left + ", " + wedged;
    r.r2 = gate.phase() + ", " + gate.mode();
  }
}

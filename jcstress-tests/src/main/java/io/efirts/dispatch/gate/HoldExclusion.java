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
import org.openjdk.jcstress.infra.results.ZZI_Result;

/** A plain counter that is only touched in a hold never loses a step (I-1). */
@JCStressTest
@Outcome(
    id = {"true, false, 1", "false, true, 1", "true, true, 2"},
    expect = ACCEPTABLE,
    desc = "as many steps as holds")
@Outcome(id = "false, false, 0", expect = FORBIDDEN, desc = "the gate was free and nobody got it")
@Outcome(
    id = "true, true, 1",
    expect = FORBIDDEN,
    desc = "two holds overlapped, one step was lost (I-1)")
@State
public class HoldExclusion {
  private final FirmwareGate gate = new FirmwareGate();
  private int steps;

  @Actor
  public void bypass(ZZI_Result r) {
    r.r1 = step(gate.tryAcquire(GateTarget.VENDOR));
  }

  @Actor
  public void reset(ZZI_Result r) {
    r.r2 = step(gate.tryAcquireForReset(GateTarget.VENDOR));
  }

  private boolean step(long token) {
    if (token == FirmwareGate.NOT_ACQUIRED || !gate.enter(token)) {
      return false;
    }
    steps++;
    gate.exit(token);
    return gate.release(token);
  }

  @Arbiter
  public void count(ZZI_Result r) {
    r.r3 = steps;
  }
}

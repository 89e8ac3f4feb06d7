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

/**
 * The worker's hold begins and ends around its entry in single steps; a crash logger that comes in
 * between is refused or gets the whole gate, and both see the other's plain writes (I-1).
 */
@JCStressTest
@Outcome(
    id = {"true, true, 2", "true, false, 1", "false, true, 1"},
    expect = ACCEPTABLE,
    desc = "as many steps as holds")
@Outcome(
    id = "true, true, 1",
    expect = FORBIDDEN,
    desc = "two entries overlapped, one step was lost (I-1)")
@Outcome(id = "false, false, 0", expect = FORBIDDEN, desc = "the gate was free and nobody got it")
@State
public class WorkerHoldsInTurn {
  private final FirmwareGate gate = new FirmwareGate();
  private int steps;

  @Actor
  public void worker(ZZI_Result r) {
    long token = gate.tryAcquireAsWorker(GateTarget.VENDOR);
    if (token != FirmwareGate.NOT_ACQUIRED) {
      steps++;
      r.r1 = gate.release(token);
    }
  }

  @Actor
  public void bypass(ZZI_Result r) {
    long token = gate.tryAcquire(GateTarget.VENDOR);
    if (token != FirmwareGate.NOT_ACQUIRED) {
      if (gate.enter(token)) {
        steps++;
      }
      r.r2 = gate.release(token);
    }
  }

  @Arbiter
  public void count(ZZI_Result r) {
    r.r3 = steps;
  }
}

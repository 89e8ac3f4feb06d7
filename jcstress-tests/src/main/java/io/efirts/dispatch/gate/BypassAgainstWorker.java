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
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/**
 * A crash logger and the worker want the free gate: one gets it, and a worker that did not is next
 * (I-1, I-11). The arbiter tells whether another crash logger would be let in before the worker.
 */
@JCStressTest
@Outcome(
    id = "true, false, false",
    expect = ACCEPTABLE,
    desc = "the crash logger is in, the worker has asked and is next")
@Outcome(id = "false, true, false", expect = ACCEPTABLE, desc = "the worker is in")
@Outcome(id = "true, true, .*", expect = FORBIDDEN, desc = "both are in (I-1)")
@Outcome(
    id = "true, false, true",
    expect = FORBIDDEN,
    desc = "the worker's request was lost: it can be starved (I-11)")
@State
public class BypassAgainstWorker {
  private final FirmwareGate gate = new FirmwareGate();
  private long bypass;

  @Actor
  public void bypass(ZZZ_Result r) {
    bypass = gate.tryAcquire(GateTarget.VENDOR);
    r.r1 = bypass != FirmwareGate.NOT_ACQUIRED;
  }

  @Actor
  public void worker(ZZZ_Result r) {
    r.r2 = gate.tryAcquireAsWorker(GateTarget.VENDOR) != FirmwareGate.NOT_ACQUIRED;
  }

  @Arbiter
  public void nextBypass(ZZZ_Result r) {
    gate.release(bypass);
    r.r3 = gate.tryAcquire(GateTarget.VENDOR) != FirmwareGate.NOT_ACQUIRED;
  }
}

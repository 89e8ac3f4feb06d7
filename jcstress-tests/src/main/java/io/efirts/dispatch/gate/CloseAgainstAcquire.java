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
import org.openjdk.jcstress.infra.results.ZLL_Result;

/** The mode changes while somebody acquires: the mode stays changed and the owner stays owner. */
@JCStressTest
@Outcome(
    id = {"true, DRAINING, HELD"},
    expect = ACCEPTABLE,
    desc = "acquired first; the close sees the hold")
@Outcome(
    id = {"false, DRAINING, FREE"},
    expect = ACCEPTABLE,
    desc = "closing first; refused")
@Outcome(id = ".*, OPEN, .*", expect = FORBIDDEN, desc = "the acquisition overwrote the mode")
@Outcome(
    id = "true, DRAINING, FREE",
    expect = FORBIDDEN,
    desc = "the mode change overwrote the acquisition (I-1)")
@State
public class CloseAgainstAcquire {
  private final FirmwareGate gate = new FirmwareGate();

  @Actor
  public void acquire(ZLL_Result r) {
    r.r1 = gate.tryAcquire(GateTarget.VENDOR) != FirmwareGate.NOT_ACQUIRED;
  }

  @Actor
  public void close() {
    gate.changeMode(DispatcherMode.OPEN, DispatcherMode.DRAINING);
  }

  @Arbiter
  public void after(ZLL_Result r) {
    r.r2 = gate.mode();
    r.r3 = gate.phase();
  }
}

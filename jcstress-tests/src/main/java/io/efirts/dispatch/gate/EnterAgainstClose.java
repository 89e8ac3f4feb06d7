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
import org.openjdk.jcstress.infra.results.ZL_Result;

/**
 * An owner enters while the gate is closed. Mode and phase are one word: a close that saw nobody
 * inside means that nobody gets inside any more.
 */
@JCStressTest
@Outcome(
    id = "true, ENTERED",
    expect = ACCEPTABLE,
    desc = "entered first; the close sees it and waits")
@Outcome(id = "false, HELD", expect = ACCEPTABLE, desc = "closed first; the owner stays out")
@Outcome(
    id = "true, HELD",
    expect = FORBIDDEN,
    desc = "the close saw nobody inside, and then somebody entered")
@Outcome(
    id = "false, ENTERED",
    expect = FORBIDDEN,
    desc = "the owner was refused and is inside nevertheless")
@State
public class EnterAgainstClose {
  private final FirmwareGate gate = new FirmwareGate();
  private final long owner = gate.tryAcquire(GateTarget.VENDOR);

  @Actor
  public void enter(ZL_Result r) {
    r.r1 = gate.enter(owner);
  }

  @Actor
  public void close(ZL_Result r) {
    gate.changeMode(DispatcherMode.OPEN, DispatcherMode.CLOSED);
    r.r2 = gate.phase();
  }
}

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
import org.openjdk.jcstress.infra.results.ZL_Result;

/** A fault and a close at the same moment: the firmware that faulted is never entered again. */
@JCStressTest
@Outcome(
    id = "true, CLOSED",
    expect = ACCEPTABLE,
    desc = "closing first: the fault ends the draining")
@Outcome(
    id = "false, DISABLED",
    expect = ACCEPTABLE,
    desc = "the fault first: the close finds the services disabled")
@Outcome(
    id = {".*, OPEN", ".*, DRAINING"},
    expect = FORBIDDEN,
    desc = "one step was lost, calls are still made (I-9)")
@State
public class DamageAgainstClose {
  private final FirmwareGate gate = new FirmwareGate();

  @Actor
  public void close(ZL_Result r) {
    r.r1 = gate.changeMode(DispatcherMode.OPEN, DispatcherMode.DRAINING);
  }

  @Actor
  public void fault() {
    gate.damaged();
  }

  @Arbiter
  public void after(ZL_Result r) {
    r.r2 = gate.mode();
  }
}

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
import org.openjdk.jcstress.infra.results.ZZL_Result;

/** A panic and a close at the same moment: one of them has the dispatcher (I-18). */
@JCStressTest
@Outcome(
    id = "true, false, EMERGENCY",
    expect = ACCEPTABLE,
    desc = "the panic came first; nothing is left to close")
@Outcome(
    id = "false, true, DRAINING",
    expect = ACCEPTABLE,
    desc = "the close came first; the panic tries again from there")
@Outcome(id = "true, true, .*", expect = FORBIDDEN, desc = "both think they have it")
@Outcome(id = "false, false, .*", expect = FORBIDDEN, desc = "neither has it")
@State
public class PanicAgainstClose {
  private final FirmwareGate gate = new FirmwareGate();

  @Actor
  public void panic(ZZL_Result r) {
    r.r1 = gate.changeMode(DispatcherMode.OPEN, DispatcherMode.EMERGENCY);
  }

  @Actor
  public void close(ZZL_Result r) {
    r.r2 = gate.changeMode(DispatcherMode.OPEN, DispatcherMode.DRAINING);
  }

  @Arbiter
  public void after(ZZL_Result r) {
    r.r3 = gate.mode();
  }
}

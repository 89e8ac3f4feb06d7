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
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Two threads close: exactly one of them does the work. */
@JCStressTest
@Outcome(
    id = {"true, false", "false, true"},
    expect = ACCEPTABLE,
    desc = "one closes, the other has nothing to do")
@Outcome(id = "true, true", expect = FORBIDDEN, desc = "both close")
@Outcome(id = "false, false", expect = FORBIDDEN, desc = "nobody closes")
@State
public class CloseAgainstClose {
  private final FirmwareGate gate = new FirmwareGate();

  @Actor
  public void one(ZZ_Result r) {
    r.r1 = gate.changeMode(DispatcherMode.OPEN, DispatcherMode.DRAINING);
  }

  @Actor
  public void other(ZZ_Result r) {
    r.r2 = gate.changeMode(DispatcherMode.OPEN, DispatcherMode.DRAINING);
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.dispatch.call.CallInState;
import io.efirts.dispatch.call.CallPool;
import io.efirts.dispatch.call.DispatchCall;
import io.efirts.dispatch.gate.FirmwareGate;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.dispatch.policy.WorkerWait;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * A caller publishes and then looks at the mode; a close changes the mode and then looks whether
 * calls are left. A call that counts itself accepted is one that the close waits for (I-27).
 */
@JCStressTest
@Outcome(
    id = {"true, true", "false, true"},
    expect = ACCEPTABLE,
    desc = "the close sees the call")
@Outcome(id = "false, false", expect = ACCEPTABLE, desc = "the caller sees the close and cancels")
@Outcome(
    id = "true, false",
    expect = FORBIDDEN,
    desc = "both looked too early: the close is over while the call is made")
@State
public class DrainAgainstPublish {
  private final FirmwareGate gate = new FirmwareGate();
  private final CallRing ring = new CallRing(2, WorkerWait.ADAPTIVE);
  private final CallPool pool = CallInState.poolOfOne();
  private final DispatchCall call = pool.take();

  @Actor
  public void caller(ZZ_Result r) {
    call.queue(1);
    ring.tryPublish(call, 1);
    r.r1 = gate.mode().acceptsCalls();
  }

  @Actor
  public void close(ZZ_Result r) {
    gate.changeMode(DispatcherMode.OPEN, DispatcherMode.DRAINING);
    r.r2 = pool.anyPending();
  }
}

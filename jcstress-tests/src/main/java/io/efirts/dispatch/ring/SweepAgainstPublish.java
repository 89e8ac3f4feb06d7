// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.ring;

import static io.efirts.api.Outcome.CLOSED;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.api.CallResult;
import io.efirts.dispatch.call.CallInState;
import io.efirts.dispatch.call.CallPool;
import io.efirts.dispatch.call.DispatchCall;
import io.efirts.dispatch.gate.FirmwareGate;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.dispatch.policy.WorkerWait;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * The same with a close that has no time left: it changes the mode and sweeps. The call is ended by
 * the sweep or by the caller's own look at the mode, never by neither (I-27).
 */
@JCStressTest
@Outcome(id = "CLOSED", expect = ACCEPTABLE, desc = "swept, or withdrawn by its own caller")
@Outcome(
    id = "null",
    expect = FORBIDDEN,
    desc = "nobody ends the call: its caller waits for ever (I-27)")
@State
public class SweepAgainstPublish {
  private final FirmwareGate gate = new FirmwareGate();
  private final CallRing ring = new CallRing(2, WorkerWait.ADAPTIVE);
  private final CallPool pool = CallInState.poolOfOne();
  private final DispatchCall call = pool.take();

  @Actor
  public void caller() {
    call.queue(1);
    ring.tryPublish(call, 1);
    DispatcherMode mode = gate.mode();
    if (!mode.acceptsCalls()) {
      call.cancel(1, mode.refusal());
    }
  }

  @Actor
  public void close() {
    gate.changeMode(DispatcherMode.OPEN, DispatcherMode.CLOSED);
    pool.sweep(CLOSED);
  }

  @Arbiter
  public void told(L_Result r) {
    CallResult ended = call.ended(1);
    r.r1 = ended == null ? null : ended.outcome();
  }
}

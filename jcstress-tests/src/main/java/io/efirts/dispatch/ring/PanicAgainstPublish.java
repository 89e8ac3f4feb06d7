// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.ring;

import static io.efirts.api.Outcome.EMERGENCY;
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
 * A panic changes the mode and marks what is queued, waking nobody, while a caller publishes: the
 * mark or the caller's own look ends the call, never neither (I-27).
 */
@JCStressTest
@Outcome(id = "EMERGENCY", expect = ACCEPTABLE, desc = "marked, or withdrawn by its own caller")
@Outcome(id = "null", expect = FORBIDDEN, desc = "nobody ends the call (I-27)")
@State
public class PanicAgainstPublish {
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
  public void panic() {
    gate.changeMode(DispatcherMode.OPEN, DispatcherMode.EMERGENCY);
    pool.mark(EMERGENCY);
  }

  @Arbiter
  public void told(L_Result r) {
    CallResult ended = call.ended(1);
    r.r1 = ended == null ? null : ended.outcome();
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.worker;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.dispatch.call.CallInState;
import io.efirts.dispatch.call.DispatchCall;
import io.efirts.dispatch.entry.BareEntry;
import io.efirts.dispatch.entry.EntryLane;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZL_Result;

/**
 * The worker dispatches a call while a crash logger makes its own: both through the real entry, one
 * after the other, and the worker is delayed by one hold at most (I-1, I-11).
 */
@JCStressTest
@Outcome(
    id = "true, COMPLETED, entries 2",
    expect = ACCEPTABLE,
    desc = "both were made, one after the other")
@Outcome(
    id = "false, COMPLETED, entries 1",
    expect = ACCEPTABLE,
    desc = "the crash logger was refused, the worker was inside")
@Outcome(
    id = "true, COMPLETED, entries 1",
    expect = FORBIDDEN,
    desc = "two entries overlapped, one step was lost (I-1)")
@Outcome(id = ".*, not ended, .*", expect = FORBIDDEN, desc = "the queued call was lost (I-27)")
@State
public class DispatchAgainstBypass {
  private final QueuedCall queued = new QueuedCall();
  private final EntryLane lane = BareEntry.laneInto(queued.firmware);
  private final DispatchCall own = CallInState.packed();

  @Actor
  public void worker() {
    queued.runWorker();
  }

  @Actor
  public void bypass(ZL_Result r) {
    r.r1 = queued.runBypass(own, lane);
  }

  @Arbiter
  public void after(ZL_Result r) {
    r.r2 = queued.ending();
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.dispatch.call.CallInState;
import io.efirts.dispatch.call.DispatchCall;
import io.efirts.dispatch.policy.WorkerWait;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** Two callers publish: the worker gets both calls, each with its own generation (I-7, I-11). */
@JCStressTest
@Outcome(
    id = {"true, true, 1, 2", "true, true, 2, 1"},
    expect = ACCEPTABLE,
    desc = "both arrive, in the order of publication")
@Outcome(id = "false, .*", expect = FORBIDDEN, desc = "refused although there is room")
@Outcome(id = ".*, false, .*", expect = FORBIDDEN, desc = "refused although there is room")
@Outcome(
    id = {".*, 1, 1", ".*, 2, 2", ".*, 0, .*", ".*, 0"},
    expect = FORBIDDEN,
    desc = "one slot was filled twice")
@State
public class PublishAgainstPublish {
  private static final DispatchCall CALL = CallInState.idle();

  private final CallRing ring = new CallRing(2, WorkerWait.ADAPTIVE);
  private final TakenSlots taken = new TakenSlots(ring, 2);
  private boolean first;
  private boolean second;

  @Actor
  public void one() {
    first = ring.tryPublish(CALL, 1);
  }

  @Actor
  public void other() {
    second = ring.tryPublish(CALL, 2);
  }

  @Arbiter
  public void worker(LL_Result r) {
    if (first && second) {
      taken.await();
    }
    r.r1 = first + ", " + second;
    r.r2 = taken.generation(0) + ", " + taken.generation(1);
  }
}

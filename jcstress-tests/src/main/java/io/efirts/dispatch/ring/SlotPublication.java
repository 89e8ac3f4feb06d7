// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.dispatch.call.CallInState;
import io.efirts.dispatch.call.DispatchCall;
import io.efirts.dispatch.policy.WorkerWait;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** The worker that takes a slot reads the call and the generation that were put into it (I-7). */
@JCStressTest
@Outcome(id = "sees both", expect = ACCEPTABLE, desc = "call and generation are there")
@Outcome(id = "misses .*", expect = FORBIDDEN, desc = "the slot was taken before it was filled")
@State
public class SlotPublication {
  private static final DispatchCall CALL = CallInState.idle();

  private final CallRing ring = new CallRing(2, WorkerWait.ADAPTIVE);
  private final TakenSlots taken = new TakenSlots(ring, 1);

  @Actor
  public void publisher() {
    ring.tryPublish(CALL, 7);
  }

  @Actor
  public void worker(L_Result r) {
    taken.await();
    if (taken.call(0) != CALL) {
      r.r1 = "misses call";
    } else {
      r.r1 = taken.generation(0) == 7 ? "sees both" : "misses generation";
    }
  }
}

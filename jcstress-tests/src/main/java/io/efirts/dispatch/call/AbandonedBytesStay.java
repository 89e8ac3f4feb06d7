// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.call;

import static io.efirts.api.Outcome.TIMED_OUT;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.api.call.CallLayout;
import java.lang.foreign.ValueLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * Firmware writes late into an abandoned call. Whoever borrows the call next finds firmware out of
 * it: the caller's hand-back alone does not return it (I-8).
 */
@JCStressTest
@Outcome(
    id = "still with the worker",
    expect = ACCEPTABLE,
    desc = "the call is not lent while firmware may write")
@Outcome(
    id = "sees the late write",
    expect = ACCEPTABLE,
    desc = "lent after the worker let go: the write lies before")
@Outcome(
    id = "write to come",
    expect = FORBIDDEN,
    desc = "firmware writes into the next borrower's call (I-8)")
@State
public class AbandonedBytesStay {
  private final CallPool pool = CallInState.poolOfOne();
  private final DispatchCall call = pool.take();

  /** The call is abandoned, firmware still inside. */
  public AbandonedBytesStay() {
    call.queue(1);
    call.claim(1);
    call.abandon(1, TIMED_OUT);
  }

  @Actor
  public void worker() {
    call.item().item().set(ValueLayout.JAVA_BYTE, CallLayout.BUFFER_OFFSET, (byte) 1);
    pool.giveBackAbandoned(call, 1);
  }

  @Actor
  public void caller(L_Result r) {
    pool.giveBack(call, 1);
    DispatchCall next = pool.take();
    if (next == null) {
      r.r1 = "still with the worker";
    } else {
      byte written = next.item().item().get(ValueLayout.JAVA_BYTE, CallLayout.BUFFER_OFFSET);
      r.r1 = written == 1 ? "sees the late write" : "write to come";
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.call;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.api.CallResult;
import io.efirts.api.call.CallLayout;
import java.lang.foreign.ValueLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** A caller that looks at the state, not at the completion, reads the same (I-7). */
@JCStressTest
@Outcome(id = "not done yet", expect = ACCEPTABLE, desc = "the caller looked too early")
@Outcome(id = "sees all", expect = ACCEPTABLE, desc = "result and bytes are there")
@Outcome(id = "misses .*", expect = FORBIDDEN, desc = "DONE was seen before what it stands for")
@State
public class ResultByState {
  private final DispatchCall call = CallInState.running();

  @Actor
  public void worker() {
    call.item().item().set(ValueLayout.JAVA_BYTE, CallLayout.BUFFER_OFFSET, (byte) 1);
    call.complete(1, CallInState.RESULT);
  }

  @Actor
  public void caller(L_Result r) {
    boolean pending = call.pending();
    CallResult result = call.ended(1);
    byte written = call.item().item().get(ValueLayout.JAVA_BYTE, CallLayout.BUFFER_OFFSET);
    if (result == CallInState.RESULT) {
      r.r1 = written == 1 ? "sees all" : "misses bytes";
    } else {
      r.r1 = pending ? "not done yet" : "misses result";
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.call;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.api.call.CallLayout;
import java.lang.foreign.ValueLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZL_Result;

/**
 * A caller polls while the worker completes: it gets nothing, or the whole result, and whoever does
 * not deliver leaves it to the other (I-7, I-27).
 */
@JCStressTest
@Outcome(id = "true, not yet", expect = ACCEPTABLE, desc = "polled too early; the worker delivers")
@Outcome(id = "false, sees all", expect = ACCEPTABLE, desc = "the caller delivered to itself")
@Outcome(id = "true, (sees|misses).*", expect = FORBIDDEN, desc = "delivered twice (I-27)")
@Outcome(id = "false, not yet", expect = FORBIDDEN, desc = "never delivered (I-27)")
@Outcome(
    id = "false, misses .*",
    expect = FORBIDDEN,
    desc = "delivered before the result was there (I-7)")
@State
public class PollAgainstComplete {
  private final DispatchCall call = CallInState.running();

  @Actor
  public void worker(ZL_Result r) {
    call.item().item().set(ValueLayout.JAVA_BYTE, CallLayout.BUFFER_OFFSET, (byte) 1);
    call.complete(1, CallInState.RESULT);
    r.r1 = call.claimDelivery(1);
  }

  @Actor
  public void caller(ZL_Result r) {
    if (!call.claimDelivery(1)) {
      r.r2 = "not yet";
    } else if (call.ended(1) != CallInState.RESULT) {
      r.r2 = "misses result";
    } else {
      byte written = call.item().item().get(ValueLayout.JAVA_BYTE, CallLayout.BUFFER_OFFSET);
      r.r2 = written == 1 ? "sees all" : "misses bytes";
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.call;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.api.call.RuntimeCall;
import io.efirts.api.spec.RuntimeService;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** What the caller packed before it queued the call, the worker that claims it reads (I-7). */
@JCStressTest
@Outcome(id = "not queued yet", expect = ACCEPTABLE, desc = "the worker came too early")
@Outcome(id = "sees all", expect = ACCEPTABLE, desc = "fields and bytes of the work item are there")
@Outcome(
    id = "misses .*",
    expect = FORBIDDEN,
    desc = "firmware would be called with another call's arguments")
@State
public class ArgumentPublication {
  private final DispatchCall call = CallInState.idle();

  @Actor
  public void caller() {
    RuntimeCall item = call.item();
    item.begin(RuntimeService.SET_VARIABLE);
    item.packPointer(0, 0x1234);
    item.packValue(2, 7);
    call.queue(1);
  }

  @Actor
  public void worker(L_Result r) {
    if (!call.claim(1)) {
      r.r1 = "not queued yet";
      return;
    }
    RuntimeCall item = call.item();
    if (item.service() != RuntimeService.SET_VARIABLE) {
      r.r1 = "misses service";
    } else if (item.argumentCount() != 5 || item.unpack(0) != 0x1234) {
      r.r1 = "misses pointer";
    } else {
      r.r1 = item.unpack(2) == 7 ? "sees all" : "misses value";
    }
  }
}

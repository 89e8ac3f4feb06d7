// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.gate;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** What one owner wrote with plain stores, the next owner reads (I-1: one hold, then the next). */
@JCStressTest
@Outcome(id = "refused", expect = ACCEPTABLE, desc = "the gate was still taken")
@Outcome(
    id = "sees both",
    expect = ACCEPTABLE,
    desc = "the next owner sees all of the previous hold")
@Outcome(
    id = "misses .*",
    expect = FORBIDDEN,
    desc = "the next owner sees the firmware's memory as it was before")
@State
public class HoldPublication {
  private final FirmwareGate gate = new FirmwareGate();
  private final long owner = gate.tryAcquire(GateTarget.VENDOR);
  private int first;
  private int second;

  @Actor
  public void previous() {
    first = 1;
    second = 1;
    gate.release(owner);
  }

  @Actor
  public void next(L_Result r) {
    if (gate.tryAcquireAsWorker(GateTarget.VENDOR) == FirmwareGate.NOT_ACQUIRED) {
      r.r1 = "refused";
      return;
    }
    int seenSecond = second;
    int seenFirst = first;
    r.r1 = seenFirst == 0 ? "misses first" : seenSecond == 0 ? "misses second" : "sees both";
  }
}

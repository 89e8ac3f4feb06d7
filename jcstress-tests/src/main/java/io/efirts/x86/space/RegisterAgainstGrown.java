// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.space;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.stress.Meeting;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** A new directory while the host grows: it is told, or sees the new entry itself (I-23). */
@JCStressTest
@Outcome(id = "true", expect = ACCEPTABLE, desc = "the directory equals the reference")
@Outcome(id = "false", expect = FORBIDDEN, desc = "the new directory lacks the new entry (I-23)")
@State
public class RegisterAgainstGrown {
  private final GrowingHost host = new GrowingHost();
  private final Meeting meeting = new Meeting();

  @Actor
  public void register() {
    meeting.arrive();
    host.register(1);
  }

  @Actor
  public void grow() {
    meeting.arrive();
    host.change(GrowingHost.ONE_TABLE);
  }

  @Arbiter
  public void after(Z_Result r) {
    r.r1 = host.isInStep(1);
  }
}

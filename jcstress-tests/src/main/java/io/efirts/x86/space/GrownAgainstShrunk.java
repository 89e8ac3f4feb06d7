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

/** An entry comes and goes: whoever copies its coming looks again, and sees it gone (I-23). */
@JCStressTest
@Outcome(id = "true", expect = ACCEPTABLE, desc = "the directory equals the reference")
@Outcome(
    id = "false",
    expect = FORBIDDEN,
    desc = "an older entry came over the newer one, and stayed (I-23)")
@State
public class GrownAgainstShrunk {
  private final GrowingHost host = new GrowingHost();
  private final Meeting meeting = new Meeting();

  public GrownAgainstShrunk() {
    host.register(1);
  }

  @Actor
  public void one() {
    meeting.arrive();
    host.change(GrowingHost.ONE_TABLE);
  }

  @Actor
  public void other() {
    meeting.arrive();
    host.change(GrowingHost.NOTHING);
  }

  @Arbiter
  public void after(Z_Result r) {
    r.r1 = host.isInStep(1);
  }
}

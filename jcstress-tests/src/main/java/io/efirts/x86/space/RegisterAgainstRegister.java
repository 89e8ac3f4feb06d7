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
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Two new directories at once: none is forgotten when the host grows next (I-23). */
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "both follow")
@Outcome(
    id = {"true, false", "false, true", "false, false"},
    expect = FORBIDDEN,
    desc = "the list was written over, and a directory is not in it (I-23)")
@State
public class RegisterAgainstRegister {
  private final GrowingHost host = new GrowingHost();
  private final Meeting meeting = new Meeting();

  @Actor
  public void one() {
    meeting.arrive();
    host.register(1);
  }

  @Actor
  public void other() {
    meeting.arrive();
    host.register(2);
  }

  @Arbiter
  public void after(ZZ_Result r) {
    host.change(GrowingHost.ONE_TABLE);
    r.r1 = host.isInStep(1);
    r.r2 = host.isInStep(2);
  }
}

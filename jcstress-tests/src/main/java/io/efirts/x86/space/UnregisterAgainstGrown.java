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
import org.openjdk.jcstress.infra.results.L_Result;

/** A directory leaves while the host grows: once it is quiet, its frame is somebody else's. */
@JCStressTest
@Outcome(id = "reused", expect = ACCEPTABLE, desc = "nothing was stored into the reused frame")
@Outcome(id = "busy", expect = ACCEPTABLE, desc = "a copy was under way, the frame not reused yet")
@Outcome(
    id = "overwritten",
    expect = FORBIDDEN,
    desc = "a late copy was stored into memory that is somebody else's by now")
@State
public class UnregisterAgainstGrown {
  private final GrowingHost host = new GrowingHost();
  private final RegisteredDirectory directory = host.register(1);
  private final Meeting meeting = new Meeting();
  private boolean reused;

  @Actor
  public void unregister() {
    meeting.arrive();
    host.registry.unregister(directory);
    if (directory.isQuiet()) {
      host.store(1, GrowingHost.REUSED);
      reused = true;
    }
  }

  @Actor
  public void grow() {
    meeting.arrive();
    host.change(GrowingHost.ONE_TABLE);
  }

  @Arbiter
  public void after(L_Result r) {
    if (!reused) {
      r.r1 = "busy";
    } else {
      r.r1 = host.load(1) == GrowingHost.REUSED ? "reused" : "overwritten";
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.log;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.stress.Meeting;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZL_Result;

/**
 * A writer that was stopped between taking its number and claiming the slot: it finds the slot
 * overwritten, or has it first and is overwritten itself. A newer line is never lost to an older.
 */
@JCStressTest
@Outcome(id = "true, true, B", expect = ACCEPTABLE, desc = "first the late one, then the newer")
@Outcome(id = "false, true, B", expect = ACCEPTABLE, desc = "the late one came too late")
@Outcome(id = "true, false, A", expect = ACCEPTABLE, desc = "the newer one went elsewhere")
@Outcome(id = ".*torn", expect = FORBIDDEN, desc = "bytes of both")
@Outcome(
    id = "true, true, (A|none)|false, true, (A|none)|true, false, (B|none)|false, false, .*",
    expect = FORBIDDEN,
    desc = "the slot has not the newest line that was written")
@State
public class LateClaimAgainstLap {
  private final Meeting meeting = new Meeting();
  private final LineSlots slots = LogLine.slots(1);

  @Actor
  public void late(ZZL_Result r) {
    meeting.arrive();
    r.r1 = LogLine.A.write(slots, 1);
  }

  @Actor
  public void lapping(ZZL_Result r) {
    meeting.arrive();
    r.r2 = LogLine.B.write(slots, 2);
  }

  @Arbiter
  public void left(ZZL_Result r) {
    r.r3 = LogLine.read(slots, r.r2 ? 2 : 1);
  }
}

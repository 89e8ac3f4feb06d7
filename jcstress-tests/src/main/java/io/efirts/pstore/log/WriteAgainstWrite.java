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
import org.openjdk.jcstress.infra.results.LJ_Result;

/** Two lines that want the same slot: one has it, the other is lost and counted, or comes next. */
@JCStressTest
@Outcome(id = "A, .*|B, .*", expect = ACCEPTABLE, desc = "one of the lines is there")
@Outcome(
    id = "none, [12]",
    expect = ACCEPTABLE,
    desc = "the line that is lost took a newer number first")
@Outcome(id = "none, 0", expect = FORBIDDEN, desc = "a line is gone and was not counted")
@Outcome(id = "torn.*", expect = FORBIDDEN, desc = "bytes or length of both")
@State
public class WriteAgainstWrite {
  private final Meeting meeting = new Meeting();
  private final LogRing ring = LogLine.ring(1);

  @Actor
  public void one() {
    meeting.arrive();
    LogLine.A.appendTo(ring);
  }

  @Actor
  public void other() {
    meeting.arrive();
    LogLine.B.appendTo(ring);
  }

  @Arbiter
  public void left(LJ_Result r) {
    r.r1 = LogLine.read(ring);
    r.r2 = ring.lostLines();
  }
}

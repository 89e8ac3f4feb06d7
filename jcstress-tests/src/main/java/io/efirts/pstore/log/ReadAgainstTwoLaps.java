// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.log;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.stress.Meeting;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * A line that was overwritten twice while it was read is not taken for what the slot has now: its
 * word tells the rounds apart.
 */
@JCStressTest
@Outcome(id = "B|A|C", expect = ACCEPTABLE, desc = "one of the lines")
@Outcome(id = "none", expect = ACCEPTABLE, desc = "none: one is being written")
@Outcome(id = ".*torn.*", expect = FORBIDDEN, desc = "bytes or length of two lines")
@State
public class ReadAgainstTwoLaps {
  private final Meeting meeting = new Meeting();
  private final LogRing ring = LogLine.ring(1);

  /** The only slot has a line. */
  public ReadAgainstTwoLaps() {
    LogLine.B.appendTo(ring);
  }

  @Actor
  public void writer() {
    meeting.arrive();
    LogLine.A.appendTo(ring);
    LogLine.C.appendTo(ring);
  }

  @Actor
  public void reader(L_Result r) {
    meeting.arrive();
    r.r1 = LogLine.read(ring);
  }
}

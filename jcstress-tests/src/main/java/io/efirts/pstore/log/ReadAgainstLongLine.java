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
 * A line of several slots is read whole or not at all, wherever its writer is; the line before it
 * is there all the while.
 */
@JCStressTest
@Outcome(id = "B", expect = ACCEPTABLE, desc = "the long line is not there yet")
@Outcome(id = "BL", expect = ACCEPTABLE, desc = "both lines are there")
@Outcome(id = "none|L", expect = FORBIDDEN, desc = "the older line is gone")
@Outcome(id = ".*torn.*", expect = FORBIDDEN, desc = "a piece of the long line")
@State
public class ReadAgainstLongLine {
  private final Meeting meeting = new Meeting();
  private final LogRing ring = LogLine.ring(16);

  /** A line is there. */
  public ReadAgainstLongLine() {
    LogLine.B.appendTo(ring);
  }

  @Actor
  public void writer() {
    meeting.arrive();
    LogLine.L.appendTo(ring);
  }

  @Actor
  public void reader(L_Result r) {
    meeting.arrive();
    r.r1 = LogLine.read(ring);
  }
}

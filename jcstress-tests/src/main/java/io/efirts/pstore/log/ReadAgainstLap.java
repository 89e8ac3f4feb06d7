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

/** A line that is overwritten while it is read is not read, and neither is half of the next. */
@JCStressTest
@Outcome(id = "B", expect = ACCEPTABLE, desc = "the old line, in time")
@Outcome(id = "A", expect = ACCEPTABLE, desc = "the new line")
@Outcome(id = "none", expect = ACCEPTABLE, desc = "neither: the new line is being written")
@Outcome(id = ".*torn.*", expect = FORBIDDEN, desc = "bytes or length of both")
@State
public class ReadAgainstLap {
  private final Meeting meeting = new Meeting();
  private final LogRing ring = LogLine.ring(1);

  /** The only slot has a line. */
  public ReadAgainstLap() {
    LogLine.B.appendTo(ring);
  }

  @Actor
  public void writer() {
    meeting.arrive();
    LogLine.A.appendTo(ring);
  }

  @Actor
  public void reader(L_Result r) {
    meeting.arrive();
    r.r1 = LogLine.read(ring);
  }
}

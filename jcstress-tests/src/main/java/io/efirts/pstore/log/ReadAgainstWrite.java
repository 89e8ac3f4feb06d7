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

/** A line is read whole or not at all, and those before it are there all the while. */
@JCStressTest
@Outcome(id = "B", expect = ACCEPTABLE, desc = "the new line is not there yet")
@Outcome(id = "BA", expect = ACCEPTABLE, desc = "both lines are there")
@Outcome(id = "none|A", expect = FORBIDDEN, desc = "the older line is gone")
@Outcome(id = ".*torn.*", expect = FORBIDDEN, desc = "the line was seen before its bytes")
@State
public class ReadAgainstWrite {
  private final Meeting meeting = new Meeting();
  private final LogRing ring = LogLine.ring(4);

  /** A line is there. */
  public ReadAgainstWrite() {
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

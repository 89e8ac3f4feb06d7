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
import org.openjdk.jcstress.infra.results.ZL_Result;

/**
 * A writer that was stopped in the middle of a line goes on while another comes round to its slot:
 * the slot is its own until it is through.
 */
@JCStressTest
@Outcome(
    id = "true, B",
    expect = ACCEPTABLE,
    desc = "the late one was through before the other came")
@Outcome(id = "false, A", expect = ACCEPTABLE, desc = "the other left the slot alone")
@Outcome(id = ".*torn", expect = FORBIDDEN, desc = "bytes of both")
@Outcome(
    id = "true, A|false, B|.*, none",
    expect = FORBIDDEN,
    desc = "the slot has the line of who did not get it, or none")
@State
public class LateCompletionAgainstLap {
  private final Meeting meeting = new Meeting();
  private final LineSlots slots = LogLine.slots(1);

  /** The late writer has put half of its line. */
  public LateCompletionAgainstLap() {
    slots.claim(1, 1);
    LogLine.A.put(slots, 1, 0, LogLine.A.length() / 2);
  }

  @Actor
  public void late() {
    meeting.arrive();
    LogLine.A.put(slots, 1, LogLine.A.length() / 2, LogLine.A.length());
    slots.complete(1, 1, LogLine.A.length());
  }

  @Actor
  public void lapping(ZL_Result r) {
    meeting.arrive();
    r.r1 = LogLine.B.write(slots, 2);
  }

  @Arbiter
  public void left(ZL_Result r) {
    r.r2 = LogLine.read(slots, r.r1 ? 2 : 1);
  }
}

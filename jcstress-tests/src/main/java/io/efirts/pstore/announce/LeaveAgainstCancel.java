// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.announce;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.pstore.record.RecordBuffer;
import io.efirts.stress.Meeting;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZL_Result;

/** A record is left while announcements are cancelled: nobody is told of it, and both return. */
@JCStressTest
@Outcome(id = "true, ", expect = ACCEPTABLE, desc = "nobody was told")
@Outcome(
    id = "false, .*",
    expect = FORBIDDEN,
    desc = "the cancellation waited for a thread that only leaves")
@Outcome(id = "true, .+", expect = FORBIDDEN, desc = "a listener was called after cancellation")
@State
public class LeaveAgainstCancel {
  private static final RecordBuffer RECORD = ToldRecords.record(1);

  private final ToldRecords records = new ToldRecords();
  private final Meeting meeting = new Meeting();

  @Actor
  public void writer() {
    meeting.arrive();
    records.announcements.leave(RECORD);
  }

  @Actor
  public void closer(ZL_Result r) {
    meeting.arrive();
    r.r1 = records.announcements.cancel(new SpinningClock(), 0);
  }

  @Arbiter
  public void after(ZL_Result r) {
    r.r2 = records.told();
  }
}

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
import org.openjdk.jcstress.infra.results.L_Result;

/** Two threads leave a record each: both are told once, each whole (I-17). */
@JCStressTest
@Outcome(
    id = {"1 2", "2 1"},
    expect = ACCEPTABLE,
    desc = "each told once")
@Outcome(id = "(1|2|)", expect = FORBIDDEN, desc = "one is never told")
@Outcome(id = ".*mixed.*", expect = FORBIDDEN, desc = "both filled the same note (I-17)")
@Outcome(id = ".*", expect = FORBIDDEN, desc = "told twice, or without its name")
@State
public class LeaveAgainstLeave {
  private static final RecordBuffer FIRST = ToldRecords.record(1);
  private static final RecordBuffer SECOND = ToldRecords.record(2);

  private final ToldRecords records = new ToldRecords();
  private final Meeting meeting = new Meeting();

  @Actor
  public void one() {
    meeting.arrive();
    records.announcements.leave(FIRST);
  }

  @Actor
  public void other() {
    meeting.arrive();
    records.announcements.leave(SECOND);
  }

  @Arbiter
  public void after(L_Result r) {
    r.r1 = records.told();
  }
}

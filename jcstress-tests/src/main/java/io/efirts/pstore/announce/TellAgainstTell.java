// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.announce;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.pstore.record.RecordBuffer;
import io.efirts.pstore.record.RecordCounts;
import io.efirts.pstore.report.CrashRecordListener;
import io.efirts.pstore.report.RecordAnnouncement;
import io.efirts.stress.Meeting;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IL_Result;

/** Two threads tell: each record is told once, and one thread at a time is in a listener. */
@JCStressTest
@Outcome(id = "2, alone", expect = ACCEPTABLE, desc = "each told once, by one thread at a time")
@Outcome(id = ".*, together", expect = FORBIDDEN, desc = "two threads were in the listener")
@Outcome(id = "(0|1|3|4), .*", expect = FORBIDDEN, desc = "not told, or told twice")
@State
public class TellAgainstTell {
  private static final RecordBuffer RECORD = ToldRecords.record(1);

  private final Counting listener = new Counting();
  private final Announcements announcements =
      new Announcements(List.of(listener), new RecordCounts());
  private final Meeting meeting = new Meeting();

  /** Two were left before. */
  public TellAgainstTell() {
    announcements.leave(RECORD);
    announcements.leave(RECORD);
  }

  @Actor
  public void one() {
    meeting.arrive();
    announcements.tell();
  }

  @Actor
  public void other() {
    meeting.arrive();
    announcements.tell();
  }

  @Arbiter
  public void after(IL_Result r) {
    announcements.tell();
    r.r1 = listener.calls.get();
    r.r2 = listener.together ? "together" : "alone";
  }

  /** Counts its calls, and whether two overlapped. */
  private static final class Counting implements CrashRecordListener {
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger calls = new AtomicInteger();
    private volatile boolean together;

    @Override
    public void written(RecordAnnouncement record) {
      if (inside.incrementAndGet() != 1) {
        together = true;
      }
      calls.incrementAndGet();
      inside.decrementAndGet();
    }
  }
}

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
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZL_Result;

/**
 * Announcements are cancelled while they are told: once the cancellation is through no listener is
 * called and none is being called, so the embedder can take down what listeners use.
 */
@JCStressTest
@Outcome(id = "true, quiet", expect = ACCEPTABLE, desc = "nobody was called afterwards")
@Outcome(
    id = "false, .*",
    expect = ACCEPTABLE,
    desc = "the listener was stopped by the machine, and the cancellation says so")
@Outcome(
    id = "true, called",
    expect = FORBIDDEN,
    desc = "a listener was inside after the cancellation was through")
@State
public class TellAgainstCancel {
  private static final RecordBuffer RECORD = ToldRecords.record(1);
  private static final long PATIENCE_NANOS = 1_000_000_000;

  private final Late listener = new Late();
  private final Announcements announcements =
      new Announcements(List.of(listener, listener), new RecordCounts());
  private final Meeting meeting = new Meeting();

  /** Two were left before. */
  public TellAgainstCancel() {
    announcements.leave(RECORD);
    announcements.leave(RECORD);
  }

  @Actor
  public void teller() {
    meeting.arrive();
    announcements.tell();
  }

  @Actor
  public void closer(ZL_Result r) {
    meeting.arrive();
    r.r1 = announcements.cancel(new SpinningClock(), PATIENCE_NANOS);
    listener.cancelled = r.r1;
  }

  @Arbiter
  public void after(ZL_Result r) {
    announcements.tell();
    r.r2 = listener.late ? "called" : "quiet";
  }

  /** Looks at its end whether the cancellation was through. */
  private static final class Late implements CrashRecordListener {
    private static final int LOOKS = 20;

    private volatile boolean cancelled;
    private volatile boolean late;

    @Override
    public void written(RecordAnnouncement record) {
      for (int looks = 0; looks < LOOKS; looks++) {
        Thread.onSpinWait();
        if (cancelled) {
          late = true;
        }
      }
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.rounds;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.pstore.announce.Announcements;
import io.efirts.pstore.record.RecordBuffer;
import io.efirts.pstore.record.RecordCounts;
import io.efirts.pstore.report.CrashRecordListener;
import io.efirts.pstore.report.RecordAnnouncement;
import io.efirts.stress.Finish;
import io.efirts.stress.Meeting;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * A record is left to be told of while the thread that tells begins a round or falls asleep: the
 * round finds it, or the thread is woken. Otherwise nobody would be told until something else
 * happens.
 */
@JCStressTest
@Outcome(id = "told", expect = ACCEPTABLE, desc = "found or woken")
@Outcome(id = "sleeps", expect = FORBIDDEN, desc = "the thread sleeps beside a record to tell of")
@State
public class WakeAgainstRound {
  private static final RecordBuffer RECORD = new RecordBuffer(1);

  /** From before the beginning of a round to behind its end. */
  private static final int SPINS = 16;

  private static final int SPINS_BEFORE = 8;

  private final RecordCounts counts = new RecordCounts();
  private final Finish told = new Finish();
  private final Announcements announcements = new Announcements(List.of(new Telling(told)), counts);
  private final Meeting meeting = new Meeting();
  private final int delay = meeting.hashCode() % SPINS - SPINS_BEFORE;
  private Runnable rounds;
  private volatile RoundsThread thread;

  /** The actor's thread is the one that makes the rounds. */
  @Actor
  public void rounds() {
    RoundsThread own =
        new RoundsThread(
            thrown -> {
              throw new IllegalStateException(thrown);
            });
    own.prepare(this::round, this::here);
    own.wake();
    thread = own;
    meeting.arrive();
    spin(-delay);
    rounds.run();
  }

  private static void spin(int times) {
    for (int i = 0; i < times; i++) {
      Thread.onSpinWait();
    }
  }

  private long round() {
    announcements.tell();
    return RoundsThread.NEVER;
  }

  private Thread here(Runnable task) {
    rounds = task;
    return Thread.currentThread();
  }

  @Actor
  public void writer(L_Result r) {
    RoundsThread woken = thread;
    while (woken == null) {
      Thread.onSpinWait();
      woken = thread;
    }
    meeting.arrive();
    spin(delay);
    announcements.leave(RECORD);
    woken.wake();
    r.r1 = told.await() ? "told" : "sleeps";
    woken.stop();
  }

  /** Tells that the record was told of. */
  private record Telling(Finish told) implements CrashRecordListener {
    @Override
    public void written(RecordAnnouncement record) {
      told.reach();
    }
  }
}

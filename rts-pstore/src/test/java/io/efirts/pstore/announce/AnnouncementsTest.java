// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.announce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.efirts.api.spi.NanoClock;
import io.efirts.pstore.record.RecordBuffer;
import io.efirts.pstore.record.RecordCounts;
import io.efirts.pstore.report.CrashRecordListener;
import io.efirts.pstore.report.RecordAnnouncement;
import io.efirts.pstore.report.RecordCounter;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.StopPoint;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whom records that were written are told to, and when not. */
@Timeout(60)
class AnnouncementsTest {
  private static final int NOTES = 256;
  private static final long LONG = Duration.ofSeconds(20).toNanos();

  private final RecordCounts counts = new RecordCounts();
  private final RecordBuffer record = new RecordBuffer(1);

  /** A listener that keeps the parts it is told, and may do something then. */
  private static final class Told implements CrashRecordListener {
    private final Consumer<RecordAnnouncement> deed;
    private final List<Integer> parts = new CopyOnWriteArrayList<>();
    private final List<Long> unnamed = new CopyOnWriteArrayList<>();

    Told(Consumer<RecordAnnouncement> deed) {
      this.deed = deed;
    }

    Told() {
      this(announcement -> {});
    }

    @Override
    public void written(RecordAnnouncement announcement) {
      parts.add(announcement.part());
      deed.accept(announcement);
    }

    @Override
    public void writtenUnnamed(long records) {
      unnamed.add(records);
    }
  }

  private Announcements announcements(CrashRecordListener... listeners) {
    return new Announcements(List.of(listeners), counts);
  }

  private void leave(Announcements announcements, int from, int to) {
    for (int part = from; part <= to; part++) {
      record.set(part, 0, 0, false, 0);
      announcements.leave(record);
    }
  }

  private static List<Integer> parts(int from, int to) {
    List<Integer> parts = new ArrayList<>();
    for (int part = from; part <= to; part++) {
      parts.add(part);
    }
    return parts;
  }

  @Test
  void everyListenerIsToldOfEachRecordInTheirOrderWhenItIsTime() {
    Told first = new Told();
    Told second = new Told();
    Announcements announcements = announcements(first, second);
    assertTrue(announcements.isEmpty());
    leave(announcements, 1, 5);
    assertFalse(announcements.isEmpty());
    assertEquals(List.of(), first.parts, "not by who writes");
    announcements.tell();
    assertTrue(announcements.isEmpty());
    assertEquals(parts(1, 5), first.parts);
    assertEquals(parts(1, 5), second.parts);
    announcements.tell();
    assertEquals(5, first.parts.size(), "once");
  }

  @Test
  void anAnnouncementSaysWhatTheRecordWasLike() {
    List<RecordAnnouncement> told = new ArrayList<>();
    Announcements announcements = announcements(new Told(told::add));
    RecordBuffer large = new RecordBuffer(100);
    large.set(3, 44, 1_700_000_000, true, 77);
    announcements.leave(large);
    large.set(9, 9, 9, false, 9);
    announcements.tell();
    assertEquals(
        List.of(new RecordAnnouncement(170_000_000_003_044L, 3, 44, 1_700_000_000, true, 77)),
        told);
  }

  @Test
  void whatFindsNoNoteIsCountedAndToldWithoutAName() {
    Told told = new Told();
    Announcements announcements = announcements(told);
    leave(announcements, 1, NOTES + 3);
    assertEquals(3, counts.read(RecordCounter.ANNOUNCEMENTS_MISSED));
    announcements.tell();
    assertEquals(parts(1, NOTES), told.parts);
    assertEquals(List.of(3L), told.unnamed);
    assertTrue(announcements.isEmpty());
    announcements.tell();
    assertEquals(List.of(3L), told.unnamed, "once");
  }

  @Test
  void notesAreUsedAgain() {
    Told told = new Told();
    Announcements announcements = announcements(told);
    for (int i = 0; i < 4; i++) {
      leave(announcements, i * NOTES + 1, (i + 1) * NOTES);
      announcements.tell();
    }
    assertEquals(parts(1, 4 * NOTES), told.parts);
    assertEquals(0, counts.read(RecordCounter.ANNOUNCEMENTS_MISSED));
  }

  @Test
  void whatAListenerThrowsIsCountedAndTheOthersAreTold() {
    Told second = new Told();
    Announcements announcements =
        announcements(
            new Told(
                announcement -> {
                  throw new StackOverflowError("injected");
                }),
            second);
    leave(announcements, 1, 2);
    announcements.tell();
    assertEquals(List.of(1, 2), second.parts);
    assertEquals(2, counts.read(RecordCounter.FAILURES));
  }

  /** A listener may take the note's place: the note is free while it is told. */
  @Test
  void recordsThatAreWrittenWhileOneIsToldAreToldToo() {
    Announcements[] self = new Announcements[1];
    Told told =
        new Told(
            announcement -> {
              if (announcement.part() < 3) {
                leave(self[0], announcement.part() + 1, announcement.part() + 1);
              }
              self[0].tell();
            });
    self[0] = announcements(told);
    leave(self[0], 1, 1);
    self[0].tell();
    assertEquals(List.of(1, 2, 3), told.parts, "and telling from inside does nothing");
  }

  @Test
  void afterACancellationNobodyIsTold() {
    Told told = new Told();
    Announcements announcements = announcements(told);
    leave(announcements, 1, NOTES + 1);
    assertTrue(announcements.cancel(NanoClock.SYSTEM, 0), "nobody is being told");
    announcements.tell();
    leave(announcements, 1, 1);
    announcements.tell();
    assertEquals(List.of(), told.parts);
    assertEquals(List.of(), told.unnamed);
    assertTrue(announcements.cancel(NanoClock.SYSTEM, 0), "again");
  }

  @Test
  void aCancellationWaitsForTheListenerThatIsBeingCalled() throws InterruptedException {
    try (StopPoint stop = new StopPoint()) {
      Told second = new Told();
      Announcements announcements = announcements(new Told(told -> stop.pass()), second);
      leave(announcements, 1, 3);
      CallerThread<Boolean> teller = tell(announcements);
      stop.awaitStopped();
      CallerThread<Boolean> canceller =
          CallerThread.start(() -> announcements.cancel(NanoClock.SYSTEM, LONG));
      canceller.awaitParked();
      assertFalse(canceller.endsWithin(Duration.ofMillis(50)), "the listener is not back");
      stop.release();
      assertTrue(canceller.result());
      teller.result();
      assertEquals(List.of(), second.parts, "a cancellation takes effect between two of them");
    }
  }

  /** A thread whose flag is set does not park: its waits would be over as soon as they begin. */
  @Test
  void anInterruptDoesNotCutACancellationShort() throws InterruptedException {
    try (StopPoint stop = new StopPoint()) {
      Announcements announcements = announcements(new Told(told -> stop.pass()));
      leave(announcements, 1, 1);
      CallerThread<Boolean> teller = tell(announcements);
      stop.awaitStopped();
      List<Boolean> flagsInWaits = new ArrayList<>();
      NanoClock firstWaitIsEnough =
          new NanoClock() {
            @Override
            public long nanoTime() {
              return 0;
            }

            @Override
            public void parkNanos(Object blocker, long nanos) {
              flagsInWaits.add(Thread.currentThread().isInterrupted());
              stop.release();
              while (teller.thread().isAlive()) {
                Thread.onSpinWait();
              }
            }
          };
      Thread.currentThread().interrupt();
      assertTrue(announcements.cancel(firstWaitIsEnough, 1_000_000));
      assertTrue(Thread.interrupted(), "the flag is kept");
      assertEquals(List.of(false), flagsInWaits);
    }
  }

  @Test
  void aCancellationDoesNotWaitForEver() throws InterruptedException {
    try (StopPoint stop = new StopPoint()) {
      Announcements announcements = announcements(new Told(told -> stop.pass()));
      leave(announcements, 1, 1);
      CallerThread<Boolean> teller = tell(announcements);
      stop.awaitStopped();
      assertFalse(announcements.cancel(NanoClock.SYSTEM, 1_000_000));
      assertFalse(announcements.cancel(() -> 0, 1_000_000), "by a clock that stands still");
      stop.release();
      teller.result();
      assertTrue(announcements.cancel(NanoClock.SYSTEM, LONG));
    }
  }

  private static CallerThread<Boolean> tell(Announcements announcements) {
    return CallerThread.start(
        () -> {
          announcements.tell();
          return true;
        });
  }

  @Test
  void aListenerThatCancelsDoesNotWaitForItself() {
    Announcements[] self = new Announcements[1];
    List<Boolean> cancelled = new ArrayList<>();
    Told second = new Told();
    self[0] =
        announcements(
            new Told(told -> cancelled.add(self[0].cancel(NanoClock.SYSTEM, LONG))), second);
    leave(self[0], 1, 2);
    self[0].tell();
    assertEquals(List.of(true), cancelled);
    assertEquals(List.of(), second.parts);
    assertTrue(self[0].cancel(NanoClock.SYSTEM, 0));
  }

  /** Two rounds at a time would tell in no order. */
  @Test
  void oneThreadTellsAtATime() throws InterruptedException {
    try (StopPoint stop = new StopPoint()) {
      Told told = new Told(announcement -> stop.pass());
      Announcements announcements = announcements(told);
      leave(announcements, 1, 2);
      CallerThread<Boolean> teller = tell(announcements);
      stop.awaitStopped();
      announcements.tell();
      assertEquals(List.of(1), told.parts);
      stop.release();
      teller.result();
      assertEquals(List.of(1, 2), told.parts);
    }
  }

  @Test
  void leavingANoteAllocatesNothing() {
    Announcements announcements = announcements();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    leave(announcements, 1, NOTES);
    long before = threads.getCurrentThreadAllocatedBytes();
    long more = threads.getCurrentThreadAllocatedBytes() - before;
    long allocated = 0;
    for (int i = 0; i < 100; i++) {
      announcements.tell();
      before = threads.getCurrentThreadAllocatedBytes();
      leave(announcements, 1, NOTES + 10);
      allocated += threads.getCurrentThreadAllocatedBytes() - before - more;
    }
    // Less than the least object for each leave.
    assertTrue(allocated < 100L * NOTES, "bytes=" + allocated);
  }
}

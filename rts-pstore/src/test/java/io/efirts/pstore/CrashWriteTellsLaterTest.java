// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.efirts.api.call.CallFrame;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.NanoClock;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.rounds.RoundsThread;
import io.efirts.pstore.format.DumpReason;
import io.efirts.pstore.report.CrashRecordListener;
import io.efirts.pstore.report.DumpOutcome;
import io.efirts.pstore.report.PanicReport;
import io.efirts.pstore.report.RecordAnnouncement;
import io.efirts.pstore.report.RecordCounter;
import io.efirts.pstore.report.RecordLoss;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.Patience;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.StopPoint;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Who writes crash records allocates nothing, waits for nobody and tells nobody: others are told
 * later, on a thread that may wait (I-3, I-18).
 */
@Timeout(60)
class CrashWriteTellsLaterTest implements CrashRecordListener {
  private static final int WARM_UP = 2_000;
  private static final int DUMPS = 2_000;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final AtomicLong waits = new AtomicLong();
  private final StopPoint listening = new StopPoint();
  private final BlockingQueue<RecordAnnouncement> written = new LinkedBlockingQueue<>();
  private final BlockingQueue<Long> lost = new LinkedBlockingQueue<>();
  private final AtomicInteger calls = new AtomicInteger();
  private final ScriptedFirmware firmware =
      new ScriptedFirmware()
          .on(RuntimeService.GET_NEXT_VARIABLE_NAME, frame -> EfiStatus.NOT_FOUND.raw());
  private Dispatcher dispatcher;
  private Pstore pstore;
  private Thread housekeeper;
  private DumpOutcome inside;
  private long insideBytes;

  /** How writes are answered that are made on the dumping thread. */
  private enum Answer {
    STORED(DumpOutcome.WRITTEN),
    NO_ROOM(DumpOutcome.LOST),
    REFUSED(DumpOutcome.LOST),
    BUSY(DumpOutcome.LOST);

    private final DumpOutcome outcome;

    Answer(DumpOutcome outcome) {
      this.outcome = outcome;
    }

    long answer() {
      return switch (this) {
        case STORED, BUSY -> 0;
        case NO_ROOM -> EfiStatus.OUT_OF_RESOURCES.raw();
        case REFUSED -> EfiStatus.DEVICE_ERROR.raw();
      };
    }
  }

  @Override
  public void written(RecordAnnouncement record) {
    calls.getAndIncrement();
    listening.pass();
    written.add(record);
  }

  @Override
  public void lost(long id, RecordLoss why) {
    calls.getAndIncrement();
    lost.add(id);
  }

  private PstoreBuilder open() {
    NanoClock clock =
        new NanoClock() {
          @Override
          public long nanoTime() {
            return System.nanoTime();
          }

          @Override
          public void parkNanos(Object blocker, long nanos) {
            waits.getAndIncrement();
            LockSupport.parkNanos(blocker, nanos);
          }
        };
    dispatcher =
        Dispatcher.builder()
            .firmware(firmware)
            .calls(4)
            .storageReserve(0)
            .clock(clock)
            .invoker()
            .start();
    return Pstore.builder(dispatcher)
        .log(TextLog.ofLines(100))
        .kmsgBytes(2000)
        .closeWait(Patience.LIMIT);
  }

  private Pstore withThread(PstoreBuilder builder) {
    pstore =
        builder
            .listener(this)
            .threads(
                work -> {
                  housekeeper = Thread.ofPlatform().daemon(true).unstarted(work);
                  return housekeeper;
                })
            .start();
    // Its first round reads what is in the store: a dump beside it would find the firmware busy.
    awaitAsleep();
    return pstore;
  }

  @AfterEach
  void close() {
    listening.release();
    pstore.close();
    dispatcher.close();
  }

  /** The lane is full all the time, so that a record goes each of its ways. */
  @ParameterizedTest
  @EnumSource
  void aDumpAllocatesNothingAndWaitsForNobody(Answer answer) {
    pstore = open().deferredRecords(2).invoker().start();
    firmware.on(RuntimeService.SET_VARIABLE, frame -> answer.answer());
    firmware.on(RuntimeService.QUERY_CAPSULE_CAPABILITIES, this::dumpInside);
    long allocated = 0;
    for (int i = 0; i < WARM_UP + DUMPS; i++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      long waited = waits.get();
      DumpOutcome outcome;
      if (answer == Answer.BUSY) {
        outcome = busyDump();
        allocated += i < WARM_UP ? 0 : insideBytes;
      } else {
        outcome = pstore.dump(DumpReason.OOPS);
        allocated += i < WARM_UP ? 0 : threads.getCurrentThreadAllocatedBytes() - before;
        assertEquals(waited, waits.get());
      }
      if (i > 0) {
        assertEquals(answer.outcome, outcome);
      }
    }
    // The least object has 8 bytes: less than one byte for each means that none allocated one.
    long bytes = allocated;
    assertTrue(bytes < DUMPS, () -> "bytes=" + bytes);
  }

  private DumpOutcome busyDump() {
    dispatcher.abi().call(RuntimeService.QUERY_CAPSULE_CAPABILITIES, 0, 0, 0, 0, 0);
    return inside;
  }

  private long dumpInside(CallFrame frame) {
    long before = threads.getCurrentThreadAllocatedBytes();
    long waited = waits.get();
    inside = pstore.dump(DumpReason.OOPS);
    insideBytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertEquals(waited, waits.get());
    return 0;
  }

  @Test
  void listenersAreToldOnAnotherThreadAndHoldUpNobodyWhoWrites() throws InterruptedException {
    withThread(open());
    assertEquals(DumpOutcome.WRITTEN, pstore.dump(DumpReason.OOPS));
    assertEquals(housekeeper, listening.awaitStopped());
    assertEquals(DumpOutcome.WRITTEN, pstore.dump(DumpReason.OOPS), "with a listener that hangs");
    assertEquals(1, calls.get());
    listening.release();
    long records = pstore.count(RecordCounter.WRITTEN);
    for (long i = 0; i < records; i++) {
      assertEquals(
          1 + i / (records / 2),
          written.poll(Patience.LIMIT.toNanos(), TimeUnit.NANOSECONDS).count());
    }
  }

  /** As long as a listener is being called, everything is there that it may use. */
  @Test
  void aCloseCancelsAnnouncementsBeforeAnythingIsTornDown() throws InterruptedException {
    withThread(open());
    pstore.dump(DumpReason.OOPS);
    listening.awaitStopped();
    CallerThread<Boolean> closing =
        CallerThread.start(
            () -> {
              pstore.close();
              return true;
            });
    closing.awaitParked();
    assertFalse(closing.endsWithin(Duration.ofMillis(50)), "a listener is being called");
    assertEquals(DumpOutcome.WRITTEN, pstore.dump(DumpReason.OOPS));
    firmware.on(RuntimeService.SET_VARIABLE, frame -> EfiStatus.OUT_OF_RESOURCES.raw());
    assertEquals(DumpOutcome.DEFERRED, pstore.dump(DumpReason.OOPS), "the lane is open");
    firmware.on(RuntimeService.SET_VARIABLE, frame -> 0);
    listening.release();
    closing.result();
    assertTrue(housekeeper.join(Patience.LIMIT));
    assertEquals(1, calls.get(), "the others were not announced any more, and none is lost");
    assertEquals(0, pstore.deferred());
    assertTrue(pstore.count(RecordCounter.WRITTEN_LATE) > 0);
    pstore.dump(DumpReason.OOPS);
    pstore.panic(Duration.ZERO);
    assertEquals(1, calls.get(), "nor after it");
  }

  /** A listener that takes longer than the close waits is the last that was called. */
  @Test
  void afterACloseNoListenerIsCalled() throws InterruptedException {
    withThread(open());
    pstore.dump(DumpReason.OOPS);
    listening.awaitStopped();
    firmware.on(RuntimeService.SET_VARIABLE, frame -> EfiStatus.OUT_OF_RESOURCES.raw());
    pstore.dump(DumpReason.OOPS);
    pstore.close(Duration.ofMillis(1));
    int told = calls.get();
    assertEquals(1 + pstore.count(RecordCounter.DROPPED), told, "losses are told by the close");
    listening.release();
    assertTrue(housekeeper.join(Patience.LIMIT));
    assertEquals(told, calls.get());
    assertEquals(lost.size(), pstore.count(RecordCounter.DROPPED));
  }

  /** A listener may close; it cannot wait for itself. */
  @Test
  void aListenerMayCloseTheStore() throws InterruptedException {
    listening.release();
    withThread(
        open()
            .listener(
                new CrashRecordListener() {
                  @Override
                  public void written(RecordAnnouncement record) {
                    pstore.close(Patience.LIMIT);
                  }
                }));
    pstore.dump(DumpReason.OOPS);
    assertTrue(housekeeper.join(Patience.LIMIT), "it ends by itself");
    assertEquals(0, calls.get(), "the first one closed it before the second was told");
  }

  @Test
  void aPanicTellsNobodyAndWakesNobody() throws InterruptedException {
    listening.release();
    withThread(open());
    pstore.dump(DumpReason.OOPS);
    long records = pstore.count(RecordCounter.WRITTEN);
    for (long i = 0; i < records; i++) {
      written.poll(Patience.LIMIT.toNanos(), TimeUnit.NANOSECONDS);
    }
    awaitAsleep();
    long slept = threads.getThreadInfo(housekeeper.threadId()).getWaitedCount();
    PanicReport report = pstore.panic(Duration.ZERO);
    assertEquals(records, report.partsWritten());
    assertEquals(0, report.dropped());
    assertFalse(wakesWithin(slept, Duration.ofMillis(100)), "it sleeps until it is woken");
    assertEquals(records, calls.get());
    pstore.close();
    assertEquals(records, calls.get());
  }

  /** Between two rounds and without a limit: it waits for locks, such as a queue's, in rounds. */
  private void awaitAsleep() {
    long start = System.nanoTime();
    while (housekeeper.getState() != Thread.State.WAITING
        || !(LockSupport.getBlocker(housekeeper) instanceof RoundsThread)) {
      assertTrue(System.nanoTime() - start < Patience.LIMIT.toNanos(), "it must go to sleep");
      Thread.onSpinWait();
    }
  }

  private boolean wakesWithin(long slept, Duration time) {
    long start = System.nanoTime();
    while (System.nanoTime() - start < time.toNanos()) {
      if (threads.getThreadInfo(housekeeper.threadId()).getWaitedCount() != slept) {
        return true;
      }
      LockSupport.parkNanos(1_000_000);
    }
    return false;
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.call.CallFrame;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.NanoClock;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.DispatcherBuilder;
import io.efirts.pstore.format.DumpReason;
import io.efirts.pstore.report.CrashRecordListener;
import io.efirts.pstore.report.DumpOutcome;
import io.efirts.pstore.report.RecordAnnouncement;
import io.efirts.pstore.report.RecordCounter;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.FirmwareHold;
import io.efirts.testkit.FrameArguments;
import io.efirts.testkit.Patience;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When records that had to wait are written, and how long somebody waits for that. */
@Timeout(60)
class PstoreFlushTest {
  private static final Duration WAIT = Duration.ofMillis(200);

  /** Of one such wait, with the last look that it takes. */
  private static final Duration BOUND = WAIT.plusMillis(1);

  private final Thread tester = Thread.currentThread();
  private final VirtualClock clock = new VirtualClock();
  private final AtomicBoolean refusing = new AtomicBoolean();
  private final AtomicBoolean atomic = new AtomicBoolean();
  private final List<String> order = Collections.synchronizedList(new ArrayList<>());
  private final FirmwareHold hold = new FirmwareHold();
  private final ScriptedFirmware firmware =
      new ScriptedFirmware()
          .on(RuntimeService.SET_VARIABLE, this::setVariable)
          .on(RuntimeService.GET_NEXT_VARIABLE_NAME, frame -> EfiStatus.NOT_FOUND.raw())
          .on(RuntimeService.GET_TIME, hold)
          .on(
              RuntimeService.RESET_SYSTEM,
              frame -> {
                order.add("reset");
                return 0;
              });

  /** How long each write takes, by the clock. */
  private Duration writeTime = Duration.ZERO;

  private Dispatcher dispatcher;
  private Pstore pstore;

  private long setVariable(CallFrame frame) {
    if (refusing.get()) {
      return EfiStatus.OUT_OF_RESOURCES.raw();
    }
    clock.advance(writeTime);
    order.add(FrameArguments.name(frame, 0).split("-")[2]);
    return 0;
  }

  private DispatcherBuilder builder() {
    return Dispatcher.builder()
        .firmware(firmware)
        .calls(4)
        .storageReserve(0)
        .resetWait(Duration.ZERO)
        .closeWait(Duration.ZERO)
        .atomicContext(atomic::get);
  }

  /** Without threads, and time passes only while the test's own waits: the same on any machine. */
  private DispatcherBuilder invoker() {
    NanoClock waiting =
        new NanoClock() {
          @Override
          public long nanoTime() {
            return clock.nanoTime();
          }

          @Override
          public void parkNanos(Object blocker, long nanos) {
            if (Thread.currentThread() == tester) {
              clock.advance(Duration.ofNanos(nanos));
            } else {
              LockSupport.parkNanos(blocker, nanos);
            }
          }
        };
    return builder().invoker().clock(waiting);
  }

  private PstoreBuilder open(DispatcherBuilder with) {
    dispatcher = with.start();
    return Pstore.builder(dispatcher)
        .log(TextLog.ofLines(300))
        .compress(false)
        .kmsgBytes(5 * 1024)
        .flushWait(WAIT)
        .closeWait(WAIT);
  }

  /** Five records wait, and firmware has room for them again. */
  private void defer() {
    refusing.set(true);
    assertEquals(DumpOutcome.DEFERRED, pstore.dump(DumpReason.OOPS));
    refusing.set(false);
    assertEquals(6, pstore.deferred());
  }

  private void reset() {
    dispatcher.runtimeServices().resetSystem(ResetType.COLD, EfiStatus.SUCCESS, null);
  }

  private CallerThread<?> hangInside() throws InterruptedException {
    CallerThread<?> inside =
        CallerThread.start(() -> dispatcher.abi().call(RuntimeService.GET_TIME, 0, 0, 0, 0, 0));
    hold.awaitEntered();
    return inside;
  }

  private void assertBounded(long startNanos) {
    long nanos = clock.nanoTime() - startNanos;
    assertTrue(nanos <= BOUND.toNanos(), () -> "nanos=" + nanos);
  }

  @AfterEach
  void close() {
    hold.close();
    pstore.close();
    dispatcher.close();
  }

  @Test
  void aResetWritesThemFirstInTheirOrder() {
    pstore = open(invoker()).invoker().start();
    defer();
    reset();
    assertEquals(List.of("1", "2", "3", "4", "5", "6", "reset"), order);
    assertEquals(0, pstore.deferred());
    assertEquals(6, pstore.count(RecordCounter.WRITTEN_LATE));
  }

  @Test
  void aFlushWritesThem() {
    pstore = open(invoker()).invoker().start();
    assertTrue(pstore.flush(Duration.ZERO), "there is nothing to write");
    defer();
    assertTrue(pstore.flush(WAIT));
    assertEquals(6, pstore.count(RecordCounter.WRITTEN_LATE));
  }

  @Test
  void aCloseWritesThem() {
    pstore = open(invoker()).invoker().start();
    defer();
    pstore.close();
    assertEquals(6, pstore.count(RecordCounter.WRITTEN_LATE));
    assertEquals(0, pstore.count(RecordCounter.DROPPED));
  }

  /** Records that find the firmware busy with a thread of its own wait no longer than that. */
  @Test
  void aDumpFromInsideTheFirmwareIsWrittenByTheThreadBehindIt() throws InterruptedException {
    CountDownLatch told = new CountDownLatch(6);
    pstore =
        open(builder())
            .listener(
                new CrashRecordListener() {
                  @Override
                  public void written(RecordAnnouncement record) {
                    told.countDown();
                  }
                })
            .start();
    DumpOutcome[] outcome = new DumpOutcome[1];
    firmware.on(
        RuntimeService.SET_TIME,
        frame -> {
          outcome[0] = pstore.dump(DumpReason.OOPS);
          return 0;
        });
    dispatcher.abi().call(RuntimeService.SET_TIME, 0, 0, 0, 0, 0);
    assertEquals(DumpOutcome.DEFERRED, outcome[0]);
    assertTrue(told.await(Patience.LIMIT.toNanos(), TimeUnit.NANOSECONDS));
    assertEquals(List.of("1", "2", "3", "4", "5", "6"), order);
    assertEquals(6, pstore.count(RecordCounter.WRITTEN_LATE));
  }

  @Test
  void aFlushDoesNotWaitLongerForFirmwareThatHangs() throws InterruptedException {
    pstore = open(invoker()).invoker().start();
    defer();
    CallerThread<?> inside = hangInside();
    long start = clock.nanoTime();
    assertFalse(pstore.flush(WAIT));
    assertBounded(start);
    assertEquals(6, pstore.deferred(), "they wait again");
    hold.release();
    inside.result();
    assertTrue(pstore.flush(WAIT));
  }

  @Test
  void aResetDoesNotWaitLongerForFirmwareThatHangs() throws InterruptedException {
    AtomicBoolean fallback = new AtomicBoolean();
    pstore =
        open(invoker()
                .resetFallback(
                    type -> {
                      fallback.set(true);
                      return true;
                    }))
            .invoker()
            .start();
    defer();
    CallerThread<?> inside = hangInside();
    long start = clock.nanoTime();
    reset();
    assertBounded(start);
    assertTrue(fallback.get());
    hold.release();
    inside.result();
  }

  /** As a whole: not for each record. */
  @Test
  void aFlushDoesNotWaitLongerForFirmwareThatIsSlow() {
    pstore = open(invoker()).invoker().start();
    defer();
    writeTime = Duration.ofSeconds(1);
    assertFalse(pstore.flush(Duration.ofSeconds(2)));
    assertEquals(List.of("1", "2"), order);
    assertEquals(4, pstore.deferred());
    writeTime = Duration.ZERO;
  }

  /** It waits for both no longer than it was told, where neither ever ends. */
  @Test
  void aCloseDoesNotWaitLongerForAListenerAndForFirmwareThatHangs() throws InterruptedException {
    FirmwareHold listening = new FirmwareHold();
    pstore =
        open(builder())
            .listener(
                new CrashRecordListener() {
                  @Override
                  public void written(RecordAnnouncement record) {
                    listening.call(null);
                  }
                })
            .start();
    try (listening) {
      pstore.dump(DumpReason.OOPS);
      listening.awaitEntered();
      order.clear();
      defer();
      CallerThread<?> inside = hangInside();
      pstore.close(Duration.ofMillis(100));
      assertEquals(6, pstore.count(RecordCounter.DROPPED));
      hold.release();
      inside.result();
    }
  }

  /** Whoever is told to end often is the one that resets. */
  @Test
  void anInterruptedThreadsResetWritesThemTooAndKeepsTheFlag() {
    pstore = open(invoker()).invoker().start();
    defer();
    Thread.currentThread().interrupt();
    reset();
    assertTrue(Thread.interrupted());
    assertEquals(List.of("1", "2", "3", "4", "5", "6", "reset"), order);
  }

  /** It waits for nobody there, so the records are written as the reset is: on its own thread. */
  @Test
  void aResetWhereNobodyMayWaitWritesThemToo() {
    pstore = open(invoker()).invoker().start();
    defer();
    atomic.set(true);
    reset();
    atomic.set(false);
    assertEquals(List.of("1", "2", "3", "4", "5", "6", "reset"), order);
  }

  /** From inside nothing can be written; the records are still there afterwards. */
  @Test
  void aFlushFromInsideTheFirmwareEndsAndLosesNothing() {
    pstore = open(invoker()).invoker().start();
    defer();
    boolean[] flushed = {true};
    firmware.on(
        RuntimeService.SET_TIME,
        frame -> {
          flushed[0] = pstore.flush(WAIT);
          return 0;
        });
    long start = clock.nanoTime();
    dispatcher.abi().call(RuntimeService.SET_TIME, 0, 0, 0, 0, 0);
    assertBounded(start);
    assertFalse(flushed[0]);
    assertTrue(pstore.flush(WAIT));
    assertEquals(6, pstore.count(RecordCounter.WRITTEN_LATE));
  }
}

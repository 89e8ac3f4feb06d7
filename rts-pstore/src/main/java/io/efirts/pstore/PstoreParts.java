// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore;

import io.efirts.api.RuntimeServices;
import io.efirts.api.spi.NanoClock;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.policy.RebootHook;
import io.efirts.dispatch.rounds.RoundsThread;
import io.efirts.pstore.announce.Announcements;
import io.efirts.pstore.lane.DeferredLane;
import io.efirts.pstore.panic.Panic;
import io.efirts.pstore.record.RecordCounts;
import io.efirts.pstore.report.RecordCounter;
import io.efirts.pstore.report.RecordLoss;
import io.efirts.pstore.work.Housekeeping;
import io.efirts.pstore.work.LaneDrain;
import io.efirts.pstore.work.LaneFlush;
import io.efirts.pstore.work.StoredDumps;
import io.efirts.pstore.write.BypassSink;
import io.efirts.pstore.write.DumpLock;
import io.efirts.pstore.write.DumpNumbers;
import io.efirts.pstore.write.DumpPath;
import io.efirts.pstore.write.DumpWriter;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of a store of records, put together and started, and stopped again in order. */
final class PstoreParts {
  private static final Logger LOG = LoggerFactory.getLogger(Pstore.class);
  private static final long MILLIS = 1_000;

  /** One queued write; firmware that takes longer is about to be given up on by the dispatcher. */
  private static final Duration CALL_DEADLINE = Duration.ofSeconds(5);

  private final Dispatcher dispatcher;
  private final NanoClock clock;
  private final RecordCounts counts = new RecordCounts();
  private final DeferredLane lane;
  private final DumpPath dumps;
  private final Panic panic;
  private final Announcements announcements;
  private final Housekeeping housekeeping;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile boolean tornDown;
  private final RebootHook rebootHook;

  /** Null where the embedder pumps. */
  private final RoundsThread thread;

  private final ThreadFactory threads;

  PstoreParts(PstoreBuilder builder) {
    dispatcher = builder.dispatcher();
    clock = dispatcher.clock();
    lane =
        new DeferredLane(
            builder.deferredRecords(),
            builder.dumps().recordBytes(),
            builder.whenFull(),
            counts,
            builder.steps());
    announcements = new Announcements(builder.listeners(), counts);
    RuntimeServices services = dispatcher.runtimeServices(CALL_DEADLINE);
    StoredDumps dumpsInStore = new StoredDumps(services, builder.quota());
    long nowSeconds = builder.wallClock().getAsLong() / MILLIS;
    DumpNumbers numbers = new DumpNumbers(dumpsInStore.firstNumber(nowSeconds));
    dumps =
        new DumpPath(
            new DumpLock(clock, builder.steps()),
            dispatcher.interrupts(),
            builder.source(),
            new DumpWriter(builder.dumps(), builder.wallClock(), counts),
            new BypassSink(dispatcher.nonBlocking(), lane, counts, announcements::leave),
            numbers,
            builder.lastDumped(),
            counts,
            this::wake);
    panic =
        new Panic(
            dispatcher::beginEmergency,
            builder.source(),
            new DumpWriter(builder.dumps(), builder.wallClock(), counts),
            numbers,
            lane,
            counts);
    housekeeping =
        new Housekeeping(
            new LaneDrain(lane, services, announcements::leave),
            announcements,
            counts,
            builder.listeners(),
            dumpsInStore);
    threads = builder.threads();
    thread =
        threads == null ? null : new RoundsThread(thrown -> counts.count(RecordCounter.FAILURES));
    rebootHook = type -> flush(builder.flushNanos());
  }

  void start() {
    dispatcher.addRebootHook(rebootHook);
    if (thread != null) {
      thread.start(this::round, threads);
    }
  }

  /** A closing store makes what is left itself. */
  private long round() {
    return closed.get() ? RoundsThread.NEVER : housekeeping.round();
  }

  DumpPath dumps() {
    return dumps;
  }

  Panic panic() {
    return panic;
  }

  RecordCounts counts() {
    return counts;
  }

  DeferredLane lane() {
    return lane;
  }

  private void wake() {
    if (thread != null) {
      thread.wake();
    }
  }

  boolean flush(long nanos) {
    boolean empty = new LaneFlush(dispatcher, lane, announcements::leave, nanos).flush();
    wake();
    return empty;
  }

  void pump() {
    if (thread != null) {
      throw new IllegalStateException("a store must be an invoker to be pumped: invoker=false");
    }
    housekeeping.round();
  }

  /** Whether nothing is kept or told any more. */
  boolean isClosed() {
    return tornDown;
  }

  void close(long nanos) {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    long start = clock.nanoTime();
    boolean quiet = announcements.cancel(clock, nanos);
    boolean threadEnded = thread == null || end(nanos - (clock.nanoTime() - start));
    dispatcher.removeRebootHook(rebootHook);
    boolean flushed = dispatcher.mode().acceptsCalls() && flush(nanos);
    tornDown = true;
    lane.seal();
    lane.giveUp(RecordLoss.CLOSED);
    housekeeping.tellLosses();
    LOG.info(
        "crash records closed: listenersQuiet={}, threadEnded={}, flushed={}",
        quiet,
        threadEnded,
        flushed);
  }

  private boolean end(long nanos) {
    thread.stop();
    try {
      return thread.join(nanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}

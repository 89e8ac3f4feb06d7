// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore;

import io.efirts.api.spi.StepHook;
import io.efirts.dispatch.Dispatcher;
import io.efirts.pstore.format.CrashVariable;
import io.efirts.pstore.format.DumpReason;
import io.efirts.pstore.log.KmsgSource;
import io.efirts.pstore.policy.WhenFull;
import io.efirts.pstore.quota.DumpQuota;
import io.efirts.pstore.report.CrashRecordListener;
import io.efirts.pstore.write.DumpSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** How a store of crash records is to be. Not thread-safe. */
public final class PstoreBuilder {
  private static final int MINIMUM_RECORD_BYTES = 1024;
  private static final int MAXIMUM_RECORD_BYTES = 32 * 1024;
  private static final int MAXIMUM_KMSG_BYTES = 1 << 20;
  private static final int MAXIMUM_DEFERRED = 4096;

  private final Dispatcher dispatcher;
  private KmsgSource source;
  private int recordBytes = CrashVariable.DEFAULT_RECORD_BYTES;
  private int kmsgBytes = 10_240;
  private int quotaBytes = 65_536;
  private boolean compress = true;
  private DumpReason lastDumped = DumpReason.OOPS;
  private int deferredRecords = 64;
  private WhenFull whenFull = WhenFull.DROP_NEWEST;
  private Duration flushWait = Duration.ofSeconds(2);
  private Duration closeWait = Duration.ofSeconds(5);
  private LongSupplier wallClock = System::currentTimeMillis;
  private ThreadFactory threads = Thread.ofPlatform().name("efi-rts-pstore").daemon(true).factory();
  private final List<CrashRecordListener> listeners = new ArrayList<>();
  private StepHook steps;

  PstoreBuilder(Dispatcher dispatcher) {
    this.dispatcher = dispatcher;
  }

  /**
   * Where the log comes from: the embedder's own, or a log ring that is fed by a logging backend.
   *
   * @param source read by dumps, on their threads
   * @return this builder
   */
  public PstoreBuilder log(KmsgSource source) {
    this.source = Objects.requireNonNull(source, "source");
    return this;
  }

  /**
   * How large a record's content can be. Default 1024, which Linux reads unless told otherwise.
   *
   * @param recordBytes 1024 to 32768
   * @return this builder
   * @throws IllegalArgumentException if out of range
   */
  public PstoreBuilder recordBytes(int recordBytes) {
    this.recordBytes =
        within(recordBytes, MINIMUM_RECORD_BYTES, MAXIMUM_RECORD_BYTES, "recordBytes");
    return this;
  }

  /**
   * How much of the log a dump holds: it ends once its records are this large together, so it can
   * exceed this by a record. Default 10240. A dump has at most 99 records.
   *
   * @param kmsgBytes 1 to 1048576
   * @return this builder
   * @throws IllegalArgumentException if out of range
   */
  public PstoreBuilder kmsgBytes(int kmsgBytes) {
    this.kmsgBytes = within(kmsgBytes, 1, MAXIMUM_KMSG_BYTES, "kmsgBytes");
    return this;
  }

  /**
   * How much the records of all dumps may hold together, without names and headers: older dumps are
   * evicted whole, in process context. Default 65536; at least twice what a dump holds, so that a
   * panic finds room beside the newest.
   *
   * @param quotaBytes positive
   * @return this builder
   * @throws IllegalArgumentException if not positive
   */
  public PstoreBuilder quotaBytes(int quotaBytes) {
    this.quotaBytes = within(quotaBytes, 1, Integer.MAX_VALUE, "quotaBytes");
    return this;
  }

  /**
   * Whether records are compressed where that makes them fit. Default true.
   *
   * @param compress false for plain text
   * @return this builder
   */
  public PstoreBuilder compress(boolean compress) {
    this.compress = compress;
    return this;
  }

  /**
   * The last reason, in their order, that is dumped. Default {@link DumpReason#OOPS}.
   *
   * @param lastDumped later ones are skipped
   * @return this builder
   */
  public PstoreBuilder lastDumped(DumpReason lastDumped) {
    this.lastDumped = Objects.requireNonNull(lastDumped, "lastDumped");
    return this;
  }

  /**
   * How many records can wait that found the firmware busy. Default 64.
   *
   * @param deferredRecords 1 to 4096
   * @return this builder
   * @throws IllegalArgumentException if out of range
   */
  public PstoreBuilder deferredRecords(int deferredRecords) {
    this.deferredRecords = within(deferredRecords, 1, MAXIMUM_DEFERRED, "deferredRecords");
    return this;
  }

  /**
   * Which record goes when too many wait. Default {@link WhenFull#DROP_NEWEST}.
   *
   * @param whenFull which
   * @return this builder
   */
  public PstoreBuilder whenFull(WhenFull whenFull) {
    this.whenFull = Objects.requireNonNull(whenFull, "whenFull");
    return this;
  }

  /**
   * How long ResetSystem waits for records that wait. Default 2 s.
   *
   * @param flushWait not negative
   * @return this builder
   * @throws IllegalArgumentException if negative
   */
  public PstoreBuilder flushWait(Duration flushWait) {
    this.flushWait = notNegative(flushWait, "flushWait");
    return this;
  }

  /**
   * How long {@link Pstore#close()} waits for a listener and for records that wait. Default 5 s.
   *
   * @param closeWait not negative
   * @return this builder
   * @throws IllegalArgumentException if negative
   */
  public PstoreBuilder closeWait(Duration closeWait) {
    this.closeWait = notNegative(closeWait, "closeWait");
    return this;
  }

  /**
   * Tells the time that records are named after. Default the system's.
   *
   * @param wallClock milliseconds since 1970; called on the crash path: must not allocate, lock or
   *     throw
   * @return this builder
   */
  public PstoreBuilder wallClock(LongSupplier wallClock) {
    this.wallClock = Objects.requireNonNull(wallClock, "wallClock");
    return this;
  }

  /**
   * Makes the thread that writes what was deferred. Default a daemon named "efi-rts-pstore".
   *
   * @param threads makes a platform thread
   * @return this builder
   */
  public PstoreBuilder threads(ThreadFactory threads) {
    this.threads = Objects.requireNonNull(threads, "threads");
    return this;
  }

  /**
   * No thread: what is to be done later is done by {@link Pstore#pump()}.
   *
   * @return this builder
   */
  public PstoreBuilder invoker() {
    this.threads = null;
    return this;
  }

  /**
   * Is told of records that were written or lost.
   *
   * @param listener whom to tell
   * @return this builder
   */
  public PstoreBuilder listener(CrashRecordListener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
    return this;
  }

  /**
   * Is told of every step of lock and deferred lane. For tests.
   *
   * @param stepHook told of each
   * @return this builder
   */
  public PstoreBuilder stepHook(StepHook stepHook) {
    this.steps = Objects.requireNonNull(stepHook, "stepHook");
    return this;
  }

  /**
   * Makes everything that a crash needs, walks the crash path once beside it, and starts the
   * thread.
   *
   * <p>Reads the records that are there, by queued calls: blocks, and not from inside the firmware.
   *
   * @return a store of records
   * @throws IllegalStateException if no log was given
   * @throws IllegalArgumentException if the quota is less than two dumps, or the dispatcher's calls
   *     have no room for a record
   */
  public Pstore start() {
    if (source == null) {
      throw new IllegalStateException("a store of crash records needs a log: log=null");
    }
    int leastQuota = 2 * (kmsgBytes + recordBytes);
    if (quotaBytes < leastQuota) {
      throw new IllegalArgumentException(
          "quota must hold two dumps: quotaBytes=" + quotaBytes + ", limit=" + leastQuota);
    }
    int leastBuffer = recordBytes + Character.BYTES * (CrashVariable.NAME_LIMIT_UNITS + 1);
    if (dispatcher.bufferBytes() < leastBuffer) {
      throw new IllegalArgumentException(
          "dispatcher's calls must have room for a record: bufferBytes="
              + dispatcher.bufferBytes()
              + ", limit="
              + leastBuffer);
    }
    CrashRehearsal.make(dumps(), source, wallClock);
    PstoreParts parts = new PstoreParts(this);
    parts.start();
    return new Pstore(parts, closeWait);
  }

  Dispatcher dispatcher() {
    return dispatcher;
  }

  KmsgSource source() {
    return source;
  }

  DumpSettings dumps() {
    return new DumpSettings(recordBytes, kmsgBytes, compress);
  }

  DumpReason lastDumped() {
    return lastDumped;
  }

  int deferredRecords() {
    return deferredRecords;
  }

  WhenFull whenFull() {
    return whenFull;
  }

  long flushNanos() {
    return TimeUnit.NANOSECONDS.convert(flushWait);
  }

  LongSupplier wallClock() {
    return wallClock;
  }

  ThreadFactory threads() {
    return threads;
  }

  List<CrashRecordListener> listeners() {
    return listeners;
  }

  StepHook steps() {
    return steps;
  }

  DumpQuota quota() {
    return new DumpQuota(quotaBytes);
  }

  private static int within(int value, int minimum, int maximum, String name) {
    if (value < minimum || value > maximum) {
      throw new IllegalArgumentException(
          name + " must be " + minimum + " to " + maximum + ": " + name + "=" + value);
    }
    return value;
  }

  private static Duration notNegative(Duration duration, String name) {
    Objects.requireNonNull(duration, name);
    if (duration.isNegative()) {
      throw new IllegalArgumentException(name + " must not be negative: " + name + "=" + duration);
    }
    return duration;
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.RuntimeService;
import io.efirts.dispatch.Dispatcher;
import io.efirts.pstore.format.DumpReason;
import io.efirts.pstore.report.DumpOutcome;
import io.efirts.testkit.ScriptedFirmware;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a builder takes, and what it says to what it does not take. */
class PstoreBuilderTest {
  private final ScriptedFirmware firmware =
      new ScriptedFirmware().on(RuntimeService.GET_NEXT_VARIABLE_NAME, frame -> notFound());
  private final Dispatcher dispatcher =
      Dispatcher.builder().firmware(firmware).calls(2).invoker().start();
  private final PstoreBuilder builder = Pstore.builder(dispatcher);

  private static long notFound() {
    return EfiStatus.NOT_FOUND.raw();
  }

  @AfterEach
  void close() {
    dispatcher.close();
  }

  private static void refused(String message, Executable deed) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, deed).getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, 0, 1023, 32_769, Integer.MAX_VALUE})
  void recordsHaveTheSizesThatLinuxReads(int bytes) {
    refused(
        "recordBytes must be 1024 to 32768: recordBytes=" + bytes,
        () -> builder.recordBytes(bytes));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, (1 << 20) + 1})
  void aDumpHoldsSomething(int bytes) {
    refused("kmsgBytes must be 1 to 1048576: kmsgBytes=" + bytes, () -> builder.kmsgBytes(bytes));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 4097})
  void someRecordsCanWait(int records) {
    refused(
        "deferredRecords must be 1 to 4096: deferredRecords=" + records,
        () -> builder.deferredRecords(records));
  }

  @Test
  void aQuotaIsPositive() {
    refused("quotaBytes must be 1 to 2147483647: quotaBytes=0", () -> builder.quotaBytes(0));
  }

  @Test
  void waitsAreNotNegative() {
    Duration less = Duration.ofNanos(-1);
    refused(
        "flushWait must not be negative: flushWait=PT-0.000000001S", () -> builder.flushWait(less));
    refused(
        "closeWait must not be negative: closeWait=PT-0.000000001S", () -> builder.closeWait(less));
  }

  @Test
  void limitsThemselvesAreTaken() {
    builder.quotaBytes(1 << 22);
    for (int bytes : new int[] {1024, 32_768}) {
      start(builder.recordBytes(bytes));
    }
    for (int bytes : new int[] {1, 1 << 20}) {
      start(builder.kmsgBytes(bytes));
    }
    for (int records : new int[] {1, 4096}) {
      start(builder.deferredRecords(records));
    }
    start(builder.flushWait(Duration.ZERO).closeWait(Duration.ZERO));
    start(builder.flushWait(Duration.ofSeconds(Long.MAX_VALUE)));
  }

  private static void start(PstoreBuilder builder) {
    builder.log(TextLog.ofLines(1)).invoker().start().close(Duration.ZERO);
  }

  @Test
  void aStoreNeedsALog() {
    assertEquals(
        "a store of crash records needs a log: log=null",
        assertThrows(IllegalStateException.class, builder::start).getMessage());
  }

  @Test
  void aQuotaHoldsTwoDumps() {
    builder.log(TextLog.ofLines(1)).invoker().recordBytes(2000).kmsgBytes(3000);
    start(builder.quotaBytes(10_000));
    refused(
        "quota must hold two dumps: quotaBytes=9999, limit=10000",
        () -> builder.quotaBytes(9_999).start());
  }

  @Test
  void theDispatchersCallsHaveRoomForARecord() {
    try (Dispatcher small =
        Dispatcher.builder().firmware(firmware).calls(1).bufferBytes(1024).invoker().start()) {
      int limit = 1024 + 2 * 67;
      refused(
          "dispatcher's calls must have room for a record: bufferBytes="
              + small.bufferBytes()
              + ", limit="
              + limit,
          () -> Pstore.builder(small).log(TextLog.ofLines(1)).invoker().start());
    }
  }

  @Test
  void nullIsNamed() {
    List<Consumer<PstoreBuilder>> deeds =
        List.of(
            one -> one.log(null),
            one -> one.lastDumped(null),
            one -> one.whenFull(null),
            one -> one.flushWait(null),
            one -> one.closeWait(null),
            one -> one.wallClock(null),
            one -> one.threads(null),
            one -> one.listener(null),
            one -> one.stepHook(null));
    List<String> names =
        List.of(
            "source",
            "lastDumped",
            "whenFull",
            "flushWait",
            "closeWait",
            "wallClock",
            "threads",
            "listener",
            "stepHook");
    for (int i = 0; i < deeds.size(); i++) {
      Consumer<PstoreBuilder> deed = deeds.get(i);
      assertEquals(
          names.get(i),
          assertThrows(NullPointerException.class, () -> deed.accept(builder)).getMessage());
    }
    assertEquals(
        "dispatcher",
        assertThrows(NullPointerException.class, () -> Pstore.builder(null)).getMessage());
  }

  @Test
  void aFactoryMakesAThread() {
    builder.log(TextLog.ofLines(1)).threads(work -> null);
    refused("thread factory must make a thread: thread=null", builder::start);
  }

  @Test
  void misuseOfAStoreIsNamedToo() {
    try (Pstore pstore = builder.log(TextLog.ofLines(1)).start()) {
      assertEquals(
          "a store must be an invoker to be pumped: invoker=false",
          assertThrows(IllegalStateException.class, pstore::pump).getMessage());
      Duration less = Duration.ofNanos(-1);
      refused("wait must not be negative: wait=PT-0.000000001S", () -> pstore.flush(less));
      refused("wait must not be negative: wait=PT-0.000000001S", () -> pstore.close(less));
      refused("grace must not be negative: grace=PT-0.000000001S", () -> pstore.panic(less));
      assertEquals(
          "reason", assertThrows(NullPointerException.class, () -> pstore.dump(null)).getMessage());
      assertEquals(
          "resetType",
          assertThrows(NullPointerException.class, () -> pstore.panic(Duration.ZERO, null))
              .getMessage());
    }
  }

  @ParameterizedTest
  @CsvSource({"UNDEFINED, 1", "PANIC, 2", "OOPS, 3", "EMERGENCY, 4", "SHUTDOWN, 5"})
  void reasonsUpToTheLastOneAreDumped(DumpReason last, int dumped) {
    try (Pstore pstore = builder.log(TextLog.ofLines(1)).lastDumped(last).invoker().start()) {
      int written = 0;
      for (DumpReason reason : DumpReason.values()) {
        written += pstore.dump(reason) == DumpOutcome.SKIPPED ? 0 : 1;
      }
      assertEquals(dumped, written);
    }
  }

  /** What was started and closed leaves nothing in the dispatcher. */
  @Test
  void aClosedStoreDoesNotHoldUpAReset() {
    Pstore pstore = builder.log(TextLog.ofLines(1)).flushWait(Duration.ofDays(1)).invoker().start();
    firmware.on(RuntimeService.SET_VARIABLE, frame -> EfiStatus.OUT_OF_RESOURCES.raw());
    pstore.dump(DumpReason.OOPS);
    pstore.close(Duration.ZERO);
    dispatcher.runtimeServices().resetSystem(ResetType.COLD, EfiStatus.SUCCESS, null);
  }
}

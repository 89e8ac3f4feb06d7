// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.Step;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.pstore.format.DumpReason;
import io.efirts.pstore.report.DumpOutcome;
import io.efirts.pstore.report.RecordCounter;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.FirmwareHold;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.step.Occurrence;
import io.efirts.testkit.step.StepHooks;
import io.efirts.testkit.step.StepStop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * I-3: whoever has the right to dump waits for nobody, so whoever waits for it, inside the firmware
 * even, waits for no longer than a dump takes.
 */
@Timeout(60)
class DumpLockOrderTest {
  private final StepHooks hooks = new StepHooks();
  private final FirmwareHold hold = new FirmwareHold();
  private final CountDownLatch inFirmware = new CountDownLatch(1);
  private final ScriptedFirmware firmware =
      new ScriptedFirmware()
          .on(RuntimeService.GET_NEXT_VARIABLE_NAME, frame -> EfiStatus.NOT_FOUND.raw());
  private final Dispatcher dispatcher =
      Dispatcher.builder().firmware(firmware).calls(4).storageReserve(0).stepHook(hooks).start();
  private final Pstore pstore =
      Pstore.builder(dispatcher)
          .log(TextLog.ofLines(100))
          .kmsgBytes(2000)
          .stepHook(hooks)
          .invoker()
          .start();

  @AfterEach
  void close() {
    hold.release();
    pstore.close();
    dispatcher.close();
  }

  private StepStop stopWithTheRightToDump() {
    return hooks.add(new StepStop(Occurrence.first(Step.DUMP_LOCKED)));
  }

  /** A call inside which firmware, or whatever is behind it, dumps. */
  private CallerThread<CallResult> dumpInside(List<DumpOutcome> outcomes, DumpReason reason) {
    firmware.on(
        RuntimeService.GET_TIME,
        frame -> {
          inFirmware.countDown();
          outcomes.add(pstore.dump(reason));
          return 0;
        });
    return CallerThread.start(() -> dispatcher.abi().call(RuntimeService.GET_TIME, 0, 0, 0, 0, 0));
  }

  /** One has the right to dump and wants the gate; the other has the gate and wants that right. */
  @Test
  void twoThatWantWhatTheOtherHasBothEnd() throws InterruptedException {
    List<DumpOutcome> inside = new ArrayList<>();
    try (StepStop stop = stopWithTheRightToDump()) {
      CallerThread<DumpOutcome> dumping = CallerThread.start(() -> pstore.dump(DumpReason.OOPS));
      stop.awaitStopped();
      CallerThread<CallResult> calling = dumpInside(inside, DumpReason.OOPS);
      inFirmware.await();
      stop.release();
      dumping.result();
      assertTrue(calling.result().isSuccess());
    }
    assertEquals(1, inside.size());
    assertEquals(
        pstore.count(RecordCounter.ATTEMPTED),
        pstore.count(RecordCounter.WRITTEN) + pstore.deferred());
    assertEquals(DispatcherMode.OPEN, dispatcher.mode());
  }

  /** Its records wait: it does not wait for the gate. */
  @Test
  void aDumpEndsWhileSomebodyStaysInside() throws InterruptedException {
    firmware.on(RuntimeService.GET_TIME, hold);
    CallerThread<CallResult> inside =
        CallerThread.start(() -> dispatcher.abi().call(RuntimeService.GET_TIME, 0, 0, 0, 0, 0));
    hold.awaitEntered();
    assertEquals(DumpOutcome.DEFERRED, pstore.dump(DumpReason.OOPS));
    assertEquals(DumpOutcome.DEFERRED, pstore.dump(DumpReason.OOPS), "and has given it back");
    hold.release();
    inside.result();
  }

  @Test
  void whoWaitsForADumpThatWasStoppedGivesUpAndItsCallGoesOn() throws InterruptedException {
    List<DumpOutcome> inside = new ArrayList<>();
    try (StepStop stop = stopWithTheRightToDump()) {
      CallerThread<DumpOutcome> dumping = CallerThread.start(() -> pstore.dump(DumpReason.OOPS));
      stop.awaitStopped();
      assertTrue(dumpInside(inside, DumpReason.OOPS).result().isSuccess());
      assertEquals(List.of(DumpOutcome.SKIPPED), inside);
      assertEquals(1, pstore.count(RecordCounter.DUMPS_SKIPPED));
      stop.release();
      assertEquals(DumpOutcome.WRITTEN, dumping.result());
    }
  }

  /** They come from where nobody may wait. */
  @Test
  void pressingDumpsDoNotWaitAtAll() throws InterruptedException {
    try (StepStop stop = stopWithTheRightToDump()) {
      CallerThread<DumpOutcome> dumping = CallerThread.start(() -> pstore.dump(DumpReason.OOPS));
      stop.awaitStopped();
      for (int i = 1; i <= 1_000; i++) {
        assertEquals(DumpOutcome.SKIPPED, pstore.dump(DumpReason.PANIC));
        assertEquals(i, pstore.count(RecordCounter.DUMPS_SKIPPED));
      }
      stop.release();
      assertEquals(DumpOutcome.WRITTEN, dumping.result());
    }
  }

  /** A log's source that dumps would wait for its own thread. */
  @Test
  void aDumpInsideADumpIsSkippedAtOnce() {
    List<DumpOutcome> nested = new ArrayList<>();
    firmware.on(
        RuntimeService.SET_VARIABLE,
        frame -> {
          nested.add(pstore.dump(DumpReason.OOPS));
          return 0;
        });
    assertEquals(DumpOutcome.WRITTEN, pstore.dump(DumpReason.OOPS));
    assertFalse(nested.isEmpty());
    assertTrue(nested.stream().allMatch(outcome -> outcome == DumpOutcome.SKIPPED));
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.call.CallFrame;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.Step;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.DispatcherBuilder;
import io.efirts.pstore.format.DumpReason;
import io.efirts.pstore.report.DumpOutcome;
import io.efirts.pstore.report.PanicReport;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.FirmwareHold;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.step.StepHooks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A thread that has the gate, or the right to dump, cannot be stopped by the embedder (I-3, I-18),
 * and one that the operating system stopped all the same does not keep a panic from its dump.
 */
@Timeout(60)
class InterruptSafeCrashWriteTest {
  private static final EfiGuid GUID = new EfiGuid(1, 2);
  private static final Set<Step> WITH_GATE =
      EnumSet.of(Step.GATE_HELD, Step.GATE_ENTERED, Step.GATE_EXITED, Step.GATE_SEIZED);
  private static final Set<Step> WITH_DUMP =
      EnumSet.of(Step.DUMP_LOCKED, Step.LANE_CLAIMED, Step.LANE_READY);

  private final StopRequests stops = new StopRequests();
  private final StepHooks hooks = new StepHooks();
  private final FirmwareHold hold = new FirmwareHold();
  private final ScriptedFirmware firmware =
      new ScriptedFirmware()
          .on(RuntimeService.GET_NEXT_VARIABLE_NAME, frame -> EfiStatus.NOT_FOUND.raw())
          .crashEntry(frame -> 0);
  private Dispatcher dispatcher;
  private Pstore pstore;

  private DispatcherBuilder builder() {
    return Dispatcher.builder()
        .firmware(firmware)
        .calls(4)
        .storageReserve(0)
        .closeWait(Duration.ZERO)
        .interrupts(stops)
        .stepHook(hooks);
  }

  private void start(DispatcherBuilder with) {
    dispatcher = with.start();
    pstore =
        Pstore.builder(dispatcher)
            .log(TextLog.ofLines(100))
            .kmsgBytes(2000)
            .deferredRecords(8)
            .closeWait(Duration.ofSeconds(1))
            .stepHook(hooks)
            .invoker()
            .start();
  }

  @AfterEach
  void close() {
    hold.release();
    stops.stop().release();
    pstore.close();
    dispatcher.close();
    assertFalse(stops.areDeferredByAny(), "whoever deferred stops has allowed them again");
  }

  private static long refuse(CallFrame frame) {
    return EfiStatus.OUT_OF_RESOURCES.raw();
  }

  @Test
  void aStopRequestTakesEffectOnlyBehindTheDump() throws InterruptedException {
    firmware.on(RuntimeService.SET_VARIABLE, hold);
    start(builder().invoker());
    CallerThread<DumpOutcome> dumping = CallerThread.start(() -> pstore.dump(DumpReason.OOPS));
    hold.awaitEntered();
    stops.request(dumping.thread());
    hold.release();
    assertSame(dumping.thread(), stops.stop().awaitStopped());
    long records = firmware.entries();
    assertTrue(records > 2, "all of them were written first");
    assertEquals(DumpOutcome.WRITTEN, pstore.dump(DumpReason.OOPS), "it has nothing that we need");
    assertEquals(2 * (records - 1), firmware.entries() - 1);
    stops.stop().release();
    assertEquals(DumpOutcome.WRITTEN, dumping.result());
  }

  @Test
  void aStopRequestTakesEffectOnlyBehindADirectCall() throws InterruptedException {
    firmware.on(RuntimeService.SET_VARIABLE, hold);
    start(builder().invoker());
    CallerThread<Boolean> calling =
        CallerThread.start(
            () -> dispatcher.nonBlocking().setVariable("n", GUID, 7, 0, null).isSuccess());
    hold.awaitEntered();
    stops.request(calling.thread());
    hold.release();
    assertSame(calling.thread(), stops.stop().awaitStopped());
    assertEquals(DumpOutcome.WRITTEN, pstore.dump(DumpReason.OOPS));
    stops.stop().release();
    assertTrue(calling.result());
  }

  /** In every step of whoever has the gate, and of a dump from its lock to its last record. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void stopsAreDeferredInEveryStep(boolean refusing) {
    List<String> exposed = Collections.synchronizedList(new ArrayList<>());
    Set<Step> met = EnumSet.noneOf(Step.class);
    start(builder().invoker());
    firmware.on(
        RuntimeService.SET_VARIABLE, refusing ? InterruptSafeCrashWriteTest::refuse : frame -> 0);
    boolean[] dumping = new boolean[1];
    hooks.add(
        step -> {
          met.add(step);
          boolean counts = WITH_GATE.contains(step) || dumping[0] && WITH_DUMP.contains(step);
          if (counts && !stops.areDeferred()) {
            exposed.add(step.name());
          }
        });
    dumping[0] = true;
    assertEquals(
        refusing ? DumpOutcome.DEFERRED : DumpOutcome.WRITTEN, pstore.dump(DumpReason.OOPS));
    dumping[0] = false;
    dispatcher.nonBlocking().setVariable("n", GUID, 7, 0, null);
    dispatcher.runtimeServices().setVariable("n", GUID, 7, 0, null);
    pstore.pump();
    dispatcher.runtimeServices().resetSystem(ResetType.COLD, EfiStatus.SUCCESS, null);
    pstore.panic(Duration.ZERO);
    assertEquals(List.of(), exposed);
    assertTrue(met.containsAll(WITH_GATE), met::toString);
    assertEquals(refusing, met.contains(Step.LANE_CLAIMED));
  }

  /** The embedder's own code may have deferred them, or a crash write on top of another may. */
  @Test
  void whatWasDeferredBeforeStaysDeferred() {
    start(builder().invoker());
    long before = stops.disable();
    pstore.dump(DumpReason.OOPS);
    assertTrue(stops.areDeferred());
    dispatcher.nonBlocking().setVariable("n", GUID, 7, 0, null);
    assertTrue(stops.areDeferred());
    List<Boolean> inside = new ArrayList<>();
    firmware.on(
        RuntimeService.SET_VARIABLE,
        frame -> {
          pstore.dump(DumpReason.OOPS);
          inside.add(stops.areDeferred());
          return 0;
        });
    dispatcher.nonBlocking().setVariable("n", GUID, 7, 0, null);
    assertEquals(List.of(true), inside, "on top of a call that has the gate");
    firmware.on(RuntimeService.SET_VARIABLE, frame -> 0);
    pstore.panic(Duration.ZERO);
    assertTrue(stops.areDeferred());
    pstore.panic(Duration.ZERO);
    assertTrue(stops.areDeferred(), "one that came too late too");
    stops.restore(before);
    assertFalse(stops.areDeferred());
  }

  @Test
  void whatWasAllowedBeforeIsAllowedAgain() {
    start(builder().invoker());
    pstore.dump(DumpReason.OOPS);
    assertFalse(stops.areDeferred());
    pstore.dump(DumpReason.SHUTDOWN);
    assertFalse(stops.areDeferred(), "a dump that is not made");
    pstore.panic(Duration.ZERO);
    assertFalse(stops.areDeferred());
    pstore.panic(Duration.ZERO);
    assertFalse(stops.areDeferred(), "a panic that came too late");
  }

  @Test
  void stopsAreDeferredFromTheBeginningOfAPanicToItsEnd() {
    List<Boolean> deferred = new ArrayList<>();
    firmware.on(
        RuntimeService.SET_VARIABLE,
        frame -> {
          deferred.add(stops.areDeferred());
          return 0;
        });
    start(
        builder()
            .invoker()
            .resetFallback(
                type -> {
                  deferred.add(stops.areDeferred());
                  return false;
                }));
    PanicReport report = pstore.panic(Duration.ZERO, ResetType.COLD);
    assertEquals(report.parts() + 1, deferred.size());
    assertFalse(deferred.contains(false));
  }

  /** Who waits for another dump has nothing yet, and can be stopped. */
  @Test
  void whoWaitsForAnotherDumpCanBeStopped() throws InterruptedException {
    firmware.on(RuntimeService.SET_VARIABLE, hold);
    start(builder().invoker());
    CallerThread<DumpOutcome> dumping = CallerThread.start(() -> pstore.dump(DumpReason.OOPS));
    hold.awaitEntered();
    CallerThread<DumpOutcome> waiting =
        CallerThread.start(
            () -> {
              stops.request(Thread.currentThread());
              return pstore.dump(DumpReason.OOPS);
            });
    assertSame(waiting.thread(), stops.stop().awaitStopped());
    hold.release();
    assertEquals(DumpOutcome.WRITTEN, dumping.result());
    stops.stop().release();
    assertEquals(DumpOutcome.WRITTEN, waiting.result());
  }

  /** Stopped by the operating system, inside the firmware and with the right to dump. */
  @Test
  void aHolderThatIsStoppedAllTheSameDoesNotKeepAPanicFromItsDump() throws InterruptedException {
    firmware.on(RuntimeService.SET_VARIABLE, hold);
    start(builder().invoker());
    CallerThread<DumpOutcome> stopped = CallerThread.start(() -> pstore.dump(DumpReason.OOPS));
    hold.awaitEntered();
    assertEquals(DumpOutcome.SKIPPED, pstore.dump(DumpReason.OOPS), "after a tenth of a second");
    assertEquals(DumpOutcome.SKIPPED, pstore.dump(DumpReason.PANIC), "at once");
    PanicReport report = pstore.panic(Duration.ZERO);
    assertTrue(report.tookOver() && report.firmwareWasInterrupted());
    assertEquals(report.parts(), report.partsWritten());
    assertTrue(report.parts() > 2);
    hold.release();
    assertEquals(DumpOutcome.LOST, stopped.result());
  }
}

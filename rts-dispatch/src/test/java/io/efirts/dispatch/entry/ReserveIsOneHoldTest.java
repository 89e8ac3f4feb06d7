// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.entry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.call.CallFrame;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.Step;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.GuestPage;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.FirmwareHold;
import io.efirts.testkit.RecordedCall;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.step.StepLog;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** I-16: nobody gets in between the question how much is free and the write. */
@Timeout(60)
class ReserveIsOneHoldTest {
  private static final MemorySegment DATA = MemorySegment.ofArray(new byte[8]);

  private final FirmwareHold question = new FirmwareHold(ReserveIsOneHoldTest::plenty);
  private final FirmwareHold write = new FirmwareHold();
  private final ScriptedFirmware firmware =
      new ScriptedFirmware()
          .on(RuntimeService.QUERY_VARIABLE_INFO, question)
          .on(RuntimeService.SET_VARIABLE, write)
          .record(16);
  private final StepLog steps = new StepLog();

  private static long plenty(CallFrame frame) {
    frame.memory().putLong(frame.word(2), 1 << 20);
    return 0;
  }

  @Test
  void ofAQueuedWrite() throws InterruptedException {
    nobodyGetsInBetween(
        dispatcher ->
            dispatcher.runtimeServices().setVariable(GuestPage.NAME, GuestPage.GUID, 7, 8, DATA));
  }

  @Test
  void ofADirectWrite() throws InterruptedException {
    nobodyGetsInBetween(
        dispatcher ->
            dispatcher.nonBlocking().setVariable(GuestPage.NAME, GuestPage.GUID, 7, 8, DATA));
  }

  private void nobodyGetsInBetween(Function<Dispatcher, CallResult> call)
      throws InterruptedException {
    try (Dispatcher dispatcher =
            Dispatcher.builder().firmware(firmware).calls(4).stepHook(steps).start();
        question;
        write) {
      CallerThread<CallResult> writer = CallerThread.start(() -> call.apply(dispatcher));
      Thread inside = question.awaitEntered();
      CallerThread<CallResult> queued =
          CallerThread.start(() -> dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null));
      queued.awaitParked();
      assertEquals(Outcome.BUSY, direct(dispatcher).outcome(), "in the question");
      question.release();
      write.awaitEntered();
      assertEquals(Outcome.BUSY, direct(dispatcher).outcome(), "in the write");
      List<Step> made = steps.madeBy(inside);
      assertEquals(0, made.stream().filter(Step.GATE_RELEASED::equals).count());
      assertEquals(1, made.stream().filter(Step.GATE_ENTERED::equals).count());
      write.release();
      assertTrue(writer.result().isSuccess());
      assertTrue(queued.result().isSuccess());
    }
    assertEquals(
        List.of(
            RuntimeService.QUERY_VARIABLE_INFO,
            RuntimeService.SET_VARIABLE,
            RuntimeService.GET_TIME),
        firmware.recorded().stream().map(RecordedCall::service).toList());
  }

  private static CallResult direct(Dispatcher dispatcher) {
    return dispatcher.nonBlocking().setVariable("other", GuestPage.GUID, 7, 8, DATA);
  }
}

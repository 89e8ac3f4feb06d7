// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.reset;

import static io.efirts.api.spec.EfiCapsuleHeader.PERSIST_ACROSS_RESET;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.call.CallFrame;
import io.efirts.api.spec.EfiCapsuleHeader;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.RuntimeService;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.DispatcherBuilder;
import io.efirts.dispatch.event.DispatcherEvent;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.FirmwareHold;
import io.efirts.testkit.RecordedCall;
import io.efirts.testkit.ScriptedFirmware;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** I-26: a capsule and a reset that meet. */
@Timeout(60)
class CapsuleAndResetTest {
  private static final List<EfiCapsuleHeader> CAPSULE =
      List.of(new EfiCapsuleHeader(new EfiGuid(3, 4), 28, PERSIST_ACROSS_RESET, 4096));

  private final List<DispatcherEvent> lost = new ArrayList<>();
  private final ScriptedFirmware firmware =
      new ScriptedFirmware()
          .on(RuntimeService.QUERY_CAPSULE_CAPABILITIES, CapsuleAndResetTest::needsWarm)
          .record(8);

  private static long needsWarm(CallFrame frame) {
    frame.memory().putInt(frame.word(3), ResetType.WARM.code());
    return 0;
  }

  private DispatcherBuilder builder() {
    return Dispatcher.builder()
        .firmware(firmware)
        .calls(4)
        .listener(
            event -> {
              if (event instanceof DispatcherEvent.CapsuleLost) {
                lost.add(event);
              }
            });
  }

  private static CallResult update(Dispatcher dispatcher) {
    return dispatcher.runtimeServices().updateCapsule(CAPSULE, 0);
  }

  private static CallResult reset(Dispatcher dispatcher) {
    return dispatcher.runtimeServices().resetSystem(ResetType.COLD, EfiStatus.SUCCESS, null);
  }

  private long typeOfTheLastReset() {
    RecordedCall last = firmware.recorded().getLast();
    assertEquals(RuntimeService.RESET_SYSTEM, last.service());
    return last.words().get(0);
  }

  /** It was accepted before the reset began, and is pending when that gets the gate. */
  @Test
  void oneThatIsTakenWhileTheResetWaitsDecidesItsType() throws InterruptedException {
    for (boolean typed : new boolean[] {true, false}) {
      FirmwareHold taking = new FirmwareHold();
      firmware.on(RuntimeService.UPDATE_CAPSULE, taking);
      try (Dispatcher dispatcher = builder().resetWait(Duration.ofSeconds(20)).start();
          taking) {
        CallerThread<CallResult> update = CallerThread.start(() -> update(dispatcher));
        taking.awaitEntered();
        CallerThread<CallResult> reset =
            CallerThread.start(
                () ->
                    typed
                        ? reset(dispatcher)
                        : dispatcher.abi().call(RuntimeService.RESET_SYSTEM, 0, 0, 0, 0, 0));
        reset.awaitParked();
        taking.release();
        assertTrue(update.result().isSuccess());
        assertTrue(reset.result().isSuccess());
      }
      assertEquals(ResetType.WARM.code(), typeOfTheLastReset());
    }
  }

  @Test
  void oneThatAHookPassesOnComesTooLate() {
    Dispatcher[] self = new Dispatcher[1];
    List<CallResult> late = new ArrayList<>();
    try (Dispatcher dispatcher =
        builder().invoker().rebootHook(type -> late.add(update(self[0]))).start()) {
      self[0] = dispatcher;
      reset(dispatcher);
    }
    assertEquals(List.of(CallResult.refused(Outcome.CAPSULE_REFUSED, false, false)), late);
    assertEquals(ResetType.COLD.code(), typeOfTheLastReset());
  }

  @Test
  void itsLossIsReportedWhenAFallbackResets() {
    List<ResetType> fallback = new ArrayList<>();
    try (Dispatcher dispatcher = builder().invoker().resetFallback(fallback::add).start()) {
      assertTrue(update(dispatcher).isSuccess());
      reset(dispatcher);
      dispatcher.pump();
    }
    assertEquals(List.of(ResetType.WARM), fallback);
    assertEquals(List.of(new DispatcherEvent.CapsuleLost(ResetType.WARM)), lost);
  }

  @Test
  void nothingIsLostWithoutOne() {
    try (Dispatcher dispatcher = builder().invoker().resetFallback(type -> true).start()) {
      reset(dispatcher);
      dispatcher.pump();
    }
    assertEquals(List.of(), lost);
  }
}

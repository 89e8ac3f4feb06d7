// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.reset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.call.CallFrame;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.RuntimeService;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.DispatcherBuilder;
import io.efirts.dispatch.event.Counter;
import io.efirts.dispatch.event.DispatcherEvent;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.dispatch.policy.RearmPolicy;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.FirmwareHold;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.VirtualClock;
import io.efirts.testkit.fault.FirmwareThrows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A reset of firmware that faulted or hangs: through its crash entry, or not at all. */
@Timeout(60)
class ResetOfDamagedFirmwareTest {
  private static final EfiGuid GUID = new EfiGuid(1, 2);
  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final CallResult DISABLED = CallResult.refused(Outcome.DISABLED, false, false);

  private final VirtualClock clock = new VirtualClock();
  private final FirmwareHold hold = new FirmwareHold();
  private final ScriptedFirmware firmware =
      new ScriptedFirmware()
          .on(RuntimeService.SET_VARIABLE, hold)
          .on(
              RuntimeService.SET_TIME,
              FirmwareThrows.exception(new IllegalStateException("injected")));
  private final List<Long> crashResets = new ArrayList<>();
  private final List<ResetType> fallbacks = new ArrayList<>();
  private final List<String> seized = new ArrayList<>();

  private long crashCall(CallFrame frame) {
    assertEquals(RuntimeService.RESET_SYSTEM, frame.service());
    crashResets.add(frame.word(0));
    return EfiStatus.DEVICE_ERROR.raw();
  }

  private DispatcherBuilder builder() {
    return Dispatcher.builder()
        .firmware(firmware)
        .calls(4)
        .invoker()
        .clock(clock)
        .resetWait(Duration.ZERO)
        .wedgeLimit(RuntimeService.SET_VARIABLE, LIMIT)
        .listener(
            event -> {
              if (event instanceof DispatcherEvent.Seized seize) {
                seized.add(seize.path());
              }
            })
        .resetFallback(fallbacks::add);
  }

  private CallerThread<CallResult> wedge(Dispatcher dispatcher) throws InterruptedException {
    CallerThread<CallResult> stuck =
        CallerThread.start(() -> dispatcher.nonBlocking().setVariable("n", GUID, 7, 0, null));
    hold.awaitEntered();
    dispatcher.pump();
    clock.advance(LIMIT);
    dispatcher.pump();
    assertEquals(DispatcherMode.DISABLED, dispatcher.mode());
    assertEquals(1, dispatcher.count(Counter.WEDGES));
    return stuck;
  }

  private static CallResult reset(Dispatcher dispatcher) {
    return dispatcher.runtimeServices().resetSystem(ResetType.WARM, EfiStatus.SUCCESS, null);
  }

  @Test
  void faultedFirmwareIsResetThroughItsCrashEntry() {
    firmware.crashEntry(this::crashCall);
    try (Dispatcher dispatcher = builder().start()) {
      assertEquals(
          Outcome.FAULTED, dispatcher.abi().call(RuntimeService.SET_TIME, 0, 0, 0, 0, 0).outcome());
      assertEquals(CallResult.completed(EfiStatus.DEVICE_ERROR.raw()), reset(dispatcher));
      dispatcher.pump();
      assertEquals(1, dispatcher.count(Counter.SEIZES));
    }
    assertEquals(List.of(1L), crashResets);
    assertEquals(1, firmware.entries(), "not in the ordinary way");
    assertEquals(List.of("RESET"), seized);
    assertEquals(List.of(ResetType.WARM), fallbacks, "it returned");
  }

  @Test
  void faultedFirmwareWithoutACrashEntryIsNotReset() {
    try (Dispatcher dispatcher = builder().start()) {
      dispatcher.abi().call(RuntimeService.SET_TIME, 0, 0, 0, 0, 0);
      assertEquals(DISABLED, reset(dispatcher));
      assertEquals(0, dispatcher.count(Counter.SEIZES));
    }
    assertEquals(1, firmware.entries());
    assertEquals(List.of(ResetType.WARM), fallbacks);
  }

  @Test
  void wedgedFirmwareWithoutACrashEntryIsNotReset() throws InterruptedException {
    try (Dispatcher dispatcher = builder().start();
        hold) {
      CallerThread<CallResult> stuck = wedge(dispatcher);
      assertEquals(DISABLED, reset(dispatcher));
      assertEquals(DISABLED, dispatcher.abi().call(RuntimeService.RESET_SYSTEM, 0, 0, 0, 0, 0));
      assertEquals(0, dispatcher.count(Counter.SEIZES));
      hold.release();
      stuck.result();
    }
    assertEquals(1, firmware.entries());
    assertEquals(List.of(ResetType.WARM), fallbacks);
  }

  /**
   * I-10: the gate of wedged firmware stays wedged, or the same firmware would be entered again.
   */
  @Test
  void wedgedFirmwareIsResetThroughItsCrashEntryAndStaysWedged() throws InterruptedException {
    firmware.crashEntry(this::crashCall);
    try (Dispatcher dispatcher = builder().rearm(RearmPolicy.afterProbe(3, Duration.ZERO)).start();
        hold) {
      CallerThread<CallResult> stuck = wedge(dispatcher);
      assertEquals(CallResult.completed(EfiStatus.DEVICE_ERROR.raw()), reset(dispatcher));
      clock.advance(LIMIT);
      dispatcher.pump();
      assertEquals(DispatcherMode.DISABLED, dispatcher.mode(), "not replaced by itself");
      assertTrue(
          dispatcher.abi().call(RuntimeService.RESET_SYSTEM, 0, 0, 0, 0, 0).firmwareEntered(),
          "a second reset finds it as the first one did");
      hold.release();
      assertTrue(stuck.result().isSuccess(), "what firmware answered");
      dispatcher.pump();
      assertEquals(DispatcherMode.DISABLED, dispatcher.mode());
      assertEquals(0, dispatcher.count(Counter.REARMS));
    }
    assertEquals(List.of(1L, 0L), crashResets);
    assertEquals(1, firmware.entries());
    assertEquals(List.of("RESET"), seized.stream().distinct().toList());
  }

  @Test
  void aFaultInTheCrashEntryIsContained() {
    firmware.crashEntry(
        frame -> {
          throw new IllegalStateException("crash entry");
        });
    try (Dispatcher dispatcher = builder().start()) {
      dispatcher.abi().call(RuntimeService.SET_TIME, 0, 0, 0, 0, 0);
      assertEquals(CallResult.refused(Outcome.FAULTED, true, false), reset(dispatcher));
      assertEquals(2, dispatcher.count(Counter.FAULTS));
    }
    assertEquals(List.of(ResetType.WARM), fallbacks);
  }
}

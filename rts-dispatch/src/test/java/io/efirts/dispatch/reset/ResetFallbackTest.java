// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.reset;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.RtProperties;
import io.efirts.api.spec.RuntimeService;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.DispatcherBuilder;
import io.efirts.dispatch.event.Counter;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.FirmwareHold;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.fault.FirmwareThrows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Other ways to reset, when firmware's own did not. */
@Timeout(60)
class ResetFallbackTest {
  private static final EfiGuid GUID = new EfiGuid(1, 2);

  private final ScriptedFirmware firmware = new ScriptedFirmware();
  private final List<String> tried = new ArrayList<>();

  private DispatcherBuilder builder() {
    return Dispatcher.builder().firmware(firmware).calls(4).invoker().resetWait(Duration.ZERO);
  }

  /** The first cannot, the second can, the third is not needed. */
  private DispatcherBuilder withThree() {
    return builder()
        .resetFallback(type -> !tried.add("first " + type))
        .resetFallback(type -> tried.add("second " + type))
        .resetFallback(type -> tried.add("third " + type));
  }

  private static CallResult reset(Dispatcher dispatcher) {
    return dispatcher.runtimeServices().resetSystem(ResetType.WARM, EfiStatus.SUCCESS, null);
  }

  /** I-12: a fault in ResetSystem goes to the embedder's own way of resetting. */
  @Test
  void followAFault() {
    firmware.on(
        RuntimeService.RESET_SYSTEM, FirmwareThrows.exception(new IllegalStateException("reset")));
    try (Dispatcher dispatcher = withThree().start()) {
      assertEquals(CallResult.refused(Outcome.FAULTED, true, false), reset(dispatcher));
    }
    assertEquals(List.of("first WARM", "second WARM"), tried);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 0x8000_0000_0000_0003L, 0x8000_0000_0000_0007L})
  void followAReturnWhateverItSays(long status) {
    firmware.on(RuntimeService.RESET_SYSTEM, frame -> status);
    try (Dispatcher dispatcher = withThree().start()) {
      assertEquals(CallResult.completed(status), reset(dispatcher));
    }
    assertEquals(List.of("first WARM", "second WARM"), tried);
  }

  @Test
  void comeAtOnceWhenTheServicesAreDisabled() {
    firmware.on(
        RuntimeService.SET_VARIABLE, FirmwareThrows.exception(new IllegalStateException("write")));
    try (Dispatcher dispatcher = withThree().start()) {
      dispatcher.nonBlocking().setVariable("n", GUID, 7, 0, null);
      assertEquals(CallResult.refused(Outcome.DISABLED, false, false), reset(dispatcher));
    }
    assertEquals(1, firmware.entries());
    assertEquals(List.of("first WARM", "second WARM"), tried);
  }

  @Test
  void comeWhenSomebodyIsInsideForTooLong() throws InterruptedException {
    FirmwareHold hold = new FirmwareHold();
    firmware.on(RuntimeService.SET_VARIABLE, hold);
    try (Dispatcher dispatcher = withThree().start();
        hold) {
      CallerThread<CallResult> inside =
          CallerThread.start(() -> dispatcher.nonBlocking().setVariable("n", GUID, 7, 0, null));
      hold.awaitEntered();
      assertEquals(CallResult.refused(Outcome.BUSY, false, false), reset(dispatcher));
      hold.release();
      inside.result();
    }
    assertEquals(List.of("first WARM", "second WARM"), tried);
  }

  @Test
  void comeWhenThePlatformHasNoResetSystem() {
    int mask = RtProperties.ALL_SERVICES & ~RuntimeService.RESET_SYSTEM.rtPropertiesBit();
    try (Dispatcher dispatcher = withThree().supportedServices(RtProperties.of(mask)).start()) {
      assertEquals(CallResult.refused(Outcome.UNSUPPORTED, false, false), reset(dispatcher));
    }
    assertEquals(0, firmware.entries());
    assertEquals(List.of("first WARM", "second WARM"), tried);
  }

  @Test
  void doNotComeOnceClosed() {
    Dispatcher dispatcher = withThree().start();
    dispatcher.close();
    assertEquals(CallResult.refused(Outcome.CLOSED, false, false), reset(dispatcher));
    assertEquals(List.of(), tried);
  }

  @Test
  void doNotComeDuringAndAfterAnEmergency() {
    try (Dispatcher dispatcher = withThree().start()) {
      var emergency = dispatcher.beginEmergency(Duration.ZERO);
      assertEquals(CallResult.refused(Outcome.EMERGENCY, false, false), reset(dispatcher));
      emergency.end();
      assertEquals(CallResult.refused(Outcome.EMERGENCY, false, false), reset(dispatcher));
    }
    assertEquals(0, firmware.entries());
    assertEquals(List.of(), tried);
  }

  @Test
  void oneThatThrowsCountsAsFalse() {
    try (Dispatcher dispatcher =
        builder()
            .resetFallback(
                type -> {
                  throw new NoClassDefFoundError("fallback");
                })
            .resetFallback(type -> tried.add("second " + type))
            .start()) {
      reset(dispatcher);
      assertEquals(1, dispatcher.count(Counter.HANDLER_FAILURES));
    }
    assertEquals(List.of("second WARM"), tried);
  }

  @Test
  void areNotTriedAgainOnceOneIsResetting() {
    try (Dispatcher dispatcher = withThree().start()) {
      reset(dispatcher);
      reset(dispatcher);
    }
    assertEquals(List.of("first WARM", "second WARM"), tried);
  }

  @Test
  void areTriedAgainWhileNoneCould() {
    try (Dispatcher dispatcher =
        builder().resetFallback(type -> !tried.add("first " + type)).start()) {
      reset(dispatcher);
      reset(dispatcher);
    }
    assertEquals(List.of("first WARM", "first WARM"), tried);
  }
}

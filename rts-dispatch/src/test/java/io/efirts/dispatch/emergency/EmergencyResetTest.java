// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.emergency;

import static io.efirts.api.spec.EfiCapsuleHeader.PERSIST_ACROSS_RESET;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.spec.EfiCapsuleHeader;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.RtProperties;
import io.efirts.api.spec.RuntimeService;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.DispatcherBuilder;
import io.efirts.dispatch.event.Counter;
import io.efirts.dispatch.event.DispatcherEvent;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.FirmwareHold;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.fault.FirmwareThrows;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** I-12: how a panicking thread resets where firmware does not. */
@Timeout(60)
class EmergencyResetTest {
  private static final CallResult EMERGENCY = CallResult.refused(Outcome.EMERGENCY, false, false);

  private final ScriptedFirmware firmware = new ScriptedFirmware();
  private final List<String> tried = new ArrayList<>();
  private final List<DispatcherEvent> events = new ArrayList<>();

  private DispatcherBuilder builder() {
    return Dispatcher.builder().firmware(firmware).calls(4).invoker().listener(events::add);
  }

  /** The first cannot, the second can, the third is not needed. */
  private DispatcherBuilder withThree() {
    return builder()
        .rebootHook(type -> tried.add("hook"))
        .resetFallback(type -> !tried.add("first " + type))
        .resetFallback(type -> tried.add("second " + type))
        .resetFallback(type -> tried.add("third " + type));
  }

  private static Emergency begin(Dispatcher dispatcher) {
    return dispatcher.beginEmergency(Duration.ZERO);
  }

  private static CallResult reset(Emergency emergency) {
    return emergency.resetSystem(ResetType.WARM, EfiStatus.ABORTED, null);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 0x8000_0000_0000_0003L, 0x8000_0000_0000_0007L})
  void fallbacksFollowFirmwareThatReturns(long status) {
    firmware.on(RuntimeService.RESET_SYSTEM, frame -> status);
    try (Dispatcher dispatcher = withThree().start()) {
      assertEquals(CallResult.completed(status), reset(begin(dispatcher)));
    }
    assertEquals(List.of("first WARM", "second WARM"), tried, "and no hook");
  }

  @Test
  void fallbacksFollowFirmwareThatFaults() {
    firmware.on(RuntimeService.RESET_SYSTEM, FirmwareThrows.stackOverflow());
    try (Dispatcher dispatcher = withThree().start()) {
      assertEquals(CallResult.refused(Outcome.FAULTED, true, false), reset(begin(dispatcher)));
    }
    assertEquals(List.of("first WARM", "second WARM"), tried);
  }

  @Test
  void fallbacksFollowAFaultInAnEarlierCallOfTheEmergency() {
    firmware.on(RuntimeService.QUERY_VARIABLE_INFO, FirmwareThrows.outOfMemory());
    try (Dispatcher dispatcher = withThree().start()) {
      Emergency emergency = begin(dispatcher);
      emergency.setVariable("n", new EfiGuid(1, 2), 7, 1, null);
      assertEquals(EMERGENCY, reset(emergency));
    }
    assertEquals(1, firmware.entries());
    assertEquals(List.of("first WARM", "second WARM"), tried);
  }

  @Test
  void fallbacksComeAtOnceWhereFirmwareCannotBeCalled() throws InterruptedException {
    FirmwareHold hold = new FirmwareHold();
    firmware.on(RuntimeService.GET_TIME, hold);
    try (Dispatcher dispatcher = withThree().start();
        hold) {
      CallerThread<CallResult> inside =
          CallerThread.start(() -> dispatcher.abi().call(RuntimeService.GET_TIME, 0, 0, 0, 0, 0));
      hold.awaitEntered();
      assertEquals(EMERGENCY, reset(begin(dispatcher)));
      hold.release();
      inside.result();
    }
    assertEquals(1, firmware.entries());
    assertEquals(List.of("first WARM", "second WARM"), tried);
  }

  @Test
  void fallbacksComeWhereThePlatformHasNoResetSystem() {
    int mask = RtProperties.ALL_SERVICES & ~RuntimeService.RESET_SYSTEM.rtPropertiesBit();
    try (Dispatcher dispatcher = withThree().supportedServices(RtProperties.of(mask)).start()) {
      assertEquals(CallResult.refused(Outcome.UNSUPPORTED, false, false), reset(begin(dispatcher)));
    }
    assertEquals(List.of("first WARM", "second WARM"), tried);
  }

  @Test
  void aFallbackThatThrowsIsCountedAndTheNextOneIsTried() {
    List<Throwable> thrown = new ArrayList<>();
    try (Dispatcher dispatcher =
        builder()
            .resetFallback(
                type -> {
                  throw new NoClassDefFoundError("injected");
                })
            .resetFallback(
                type -> {
                  throw new IllegalStateException("injected");
                })
            .resetFallback(type -> tried.add("third " + type))
            .start()) {
      Emergency emergency = begin(dispatcher);
      assertTrue(reset(emergency).isSuccess());
      emergency.end();
      assertEquals(2, dispatcher.count(Counter.HANDLER_FAILURES));
      dispatcher.pump();
    }
    assertEquals(List.of("third WARM"), tried);
    events.stream()
        .filter(DispatcherEvent.HandlerFailed.class::isInstance)
        .forEach(event -> thrown.add(((DispatcherEvent.HandlerFailed) event).thrown()));
    assertEquals(List.of(), thrown, "counted only: an event would have to be allocated");
  }

  @Test
  void fallbacksThatCannotAreTriedWithEachReset() {
    try (Dispatcher dispatcher =
        builder().resetFallback(type -> !tried.add("first " + type)).start()) {
      Emergency emergency = begin(dispatcher);
      reset(emergency);
      reset(emergency);
    }
    assertEquals(List.of("first WARM", "first WARM"), tried);
  }

  /** I-26. */
  @Test
  void aPendingCapsulesTypeWins() {
    firmware
        .on(
            RuntimeService.QUERY_CAPSULE_CAPABILITIES,
            frame -> {
              frame.memory().putInt(frame.word(3), ResetType.COLD.code());
              return 0;
            })
        .record(8);
    try (Dispatcher dispatcher = withThree().start()) {
      assertTrue(
          dispatcher
              .runtimeServices()
              .updateCapsule(
                  List.of(new EfiCapsuleHeader(new EfiGuid(3, 4), 28, PERSIST_ACROSS_RESET, 4096)),
                  0)
              .isSuccess());
      reset(begin(dispatcher));
    }
    assertEquals(ResetType.COLD.code(), firmware.recorded().getLast().words().getFirst());
    assertEquals(List.of("first COLD", "second COLD"), tried);
  }

  @Test
  void whatIsNullIsNamedAndNothingIsReset() {
    try (Dispatcher dispatcher = withThree().start()) {
      Emergency emergency = begin(dispatcher);
      assertEquals(
          "resetType",
          assertThrows(
                  NullPointerException.class,
                  () -> emergency.resetSystem(null, EfiStatus.SUCCESS, null))
              .getMessage());
    }
    assertEquals(List.of(), tried);
  }

  @Test
  void fallbacksAllocateNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    IllegalStateException thrown = new IllegalStateException("injected");
    int resets = 2_000;
    try (Dispatcher dispatcher =
        builder()
            .resetFallback(
                type -> {
                  throw thrown;
                })
            .resetFallback(type -> false)
            .start()) {
      Emergency emergency = begin(dispatcher);
      for (int i = 0; i < resets; i++) {
        reset(emergency);
      }
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < resets; i++) {
        reset(emergency);
      }
      long bytes = threads.getCurrentThreadAllocatedBytes() - before;
      // The least object has 8 bytes: less than one byte for each means that none allocated one.
      assertTrue(bytes < resets, () -> "bytes=" + bytes);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.entry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.PendingCall;
import io.efirts.api.spec.EfiCapsuleHeader;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.Firmware;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.event.Counter;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.fault.FirmwareThrows;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** I-9, I-12: whatever firmware throws, on whatever path, ends there and ends the services. */
class FaultContainmentTest {
  private static final EfiGuid GUID = new EfiGuid(1, 2);
  private static final MemorySegment DATA = MemorySegment.ofArray(new byte[8]);
  private static final List<EfiCapsuleHeader> CAPSULE =
      List.of(CapsulePath.header(EfiCapsuleHeader.PERSIST_ACROSS_RESET));

  /** Calls by the service in which firmware will fault. */
  private static final Map<RuntimeService, Function<Dispatcher, CallResult>> CALLS =
      Map.of(
          RuntimeService.GET_TIME, FaultContainmentTest::queued,
          RuntimeService.GET_NEXT_HIGH_MONOTONIC_COUNT, FaultContainmentTest::started,
          RuntimeService.SET_VARIABLE, FaultContainmentTest::bypass,
          RuntimeService.RESET_SYSTEM, FaultContainmentTest::reset,
          RuntimeService.QUERY_VARIABLE_INFO, FaultContainmentTest::reserveQuestion,
          RuntimeService.QUERY_CAPSULE_CAPABILITIES, FaultContainmentTest::capsuleQuestion);

  private static CallResult queued(Dispatcher dispatcher) {
    return dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null);
  }

  private static CallResult started(Dispatcher dispatcher) {
    PendingCall call = dispatcher.asyncAbi().newPendingCall();
    RuntimeService service = RuntimeService.GET_NEXT_HIGH_MONOTONIC_COUNT;
    if (!dispatcher.asyncAbi().call(call, service, 0, 0, 0, 0, 0)) {
      return call.poll();
    }
    dispatcher.pump();
    return call.poll();
  }

  private static CallResult bypass(Dispatcher dispatcher) {
    return dispatcher.nonBlocking().setVariable("n", GUID, 7, 0, null);
  }

  private static CallResult reset(Dispatcher dispatcher) {
    return dispatcher.runtimeServices().resetSystem(ResetType.COLD, EfiStatus.SUCCESS, null);
  }

  private static CallResult reserveQuestion(Dispatcher dispatcher) {
    return dispatcher.runtimeServices().setVariable("n", GUID, 7, 8, DATA);
  }

  private static CallResult capsuleQuestion(Dispatcher dispatcher) {
    return dispatcher.runtimeServices().updateCapsule(CAPSULE, 0);
  }

  static Stream<Arguments> faultsOnEachPath() {
    return CALLS.keySet().stream()
        .sorted()
        .flatMap(
            service ->
                FirmwareThrows.all().entrySet().stream()
                    .map(fault -> Arguments.of(service, fault.getKey(), fault.getValue())));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("faultsOnEachPath")
  void endsThereAndEndsTheServices(RuntimeService service, String name, Firmware fault) {
    ScriptedFirmware firmware = new ScriptedFirmware().on(service, fault);
    try (Dispatcher dispatcher =
        Dispatcher.builder().firmware(firmware).calls(4).invoker().start()) {
      CallResult result = CALLS.get(service).apply(dispatcher);
      assertEquals(CallResult.refused(Outcome.FAULTED, true, false), result);
      assertEquals(EfiStatus.ABORTED, result.status());
      assertEquals(DispatcherMode.DISABLED, dispatcher.mode());
      assertEquals(1, dispatcher.count(Counter.FAULTS));
      assertEquals(service, dispatcher.fault().orElseThrow().service());
      Throwable thrown = dispatcher.fault().orElseThrow().thrown();
      assertEquals(
          thrown.getClass(), assertThrows(Throwable.class, () -> fault.call(null)).getClass());
      long entries = firmware.entries();
      CallResult disabled = CallResult.refused(Outcome.DISABLED, false, false);
      for (RuntimeService later : RuntimeService.values()) {
        if (CALLS.containsKey(later)) {
          assertEquals(disabled, CALLS.get(later).apply(dispatcher), later.efiName());
        }
      }
      assertEquals(disabled, dispatcher.abi().callVendor(1, 0, 0, 0, 0, 0, 0, 0));
      assertEquals(entries, firmware.entries());
      assertEquals(1, dispatcher.count(Counter.FAULTS));
    }
  }
}

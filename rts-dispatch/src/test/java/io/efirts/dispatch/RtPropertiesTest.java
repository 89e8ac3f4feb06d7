// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.LongHolder;
import io.efirts.api.Outcome;
import io.efirts.api.PendingCall;
import io.efirts.api.spec.EfiCapsuleHeader;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.RtProperties;
import io.efirts.api.spec.RuntimeService;
import io.efirts.dispatch.emergency.Emergency;
import io.efirts.testkit.RecordedCall;
import io.efirts.testkit.ScriptedFirmware;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the platform's table does not list is refused on every path, and firmware not entered. */
class RtPropertiesTest {
  private static final CallResult UNSUPPORTED =
      CallResult.refused(Outcome.UNSUPPORTED, false, false);

  private final ScriptedFirmware firmware = new ScriptedFirmware().record(16);

  private Dispatcher without(RuntimeService service) {
    int mask = RtProperties.ALL_SERVICES & ~service.rtPropertiesBit();
    return Dispatcher.builder()
        .firmware(firmware)
        .calls(4)
        .invoker()
        .supportedServices(RtProperties.of(mask))
        .start();
  }

  @ParameterizedTest
  @EnumSource(RuntimeService.class)
  void byWords(RuntimeService service) {
    try (Dispatcher dispatcher = without(service)) {
      for (RuntimeService other : RuntimeService.values()) {
        // After a reset no capsule is passed on.
        if (other != service && other != RuntimeService.RESET_SYSTEM) {
          assertTrue(
              dispatcher.abi().call(other, 0, 0, 0, 0, 0).firmwareEntered(), other.efiName());
        }
      }
      long entries = firmware.entries();
      assertEquals(UNSUPPORTED, dispatcher.abi().call(service, 1, 0, 0, 0, 0));
      assertEquals(EfiStatus.UNSUPPORTED, UNSUPPORTED.status());
      assertEquals(entries, firmware.entries());
      assertTrue(dispatcher.abi().callVendor(9, 0, 0, 0, 0, 0, 0, 0).isSuccess(), "not listed");
    }
  }

  @ParameterizedTest
  @EnumSource(value = RuntimeService.class, mode = EnumSource.Mode.EXCLUDE, names = "RESET_SYSTEM")
  void startedByWords(RuntimeService service) {
    try (Dispatcher dispatcher = without(service)) {
      PendingCall call = dispatcher.asyncAbi().newPendingCall();
      assertFalse(dispatcher.asyncAbi().call(call, service, 0, 0, 0, 0, 0));
      assertEquals(UNSUPPORTED, call.poll());
      assertTrue(dispatcher.asyncAbi().callVendor(call, 9, 0, 0, 0, 0, 0, 0, 0));
      dispatcher.pump();
      assertTrue(call.poll().isSuccess());
    }
    assertEquals(1, firmware.entries());
  }

  @ParameterizedTest
  @EnumSource(value = WritePath.class, mode = EnumSource.Mode.EXCLUDE, names = "CRASH_ENTRY")
  void onEveryPathOfAWrite(WritePath path) {
    try (Dispatcher dispatcher = without(RuntimeService.SET_VARIABLE)) {
      assertEquals(UNSUPPORTED, path.set(dispatcher, 7, 8));
    }
    assertEquals(0, firmware.entries());
  }

  @Test
  void directlyAndInAnEmergency() {
    LongHolder holder = new LongHolder();
    try (Dispatcher dispatcher = without(RuntimeService.QUERY_VARIABLE_INFO)) {
      assertEquals(
          UNSUPPORTED, dispatcher.nonBlocking().queryVariableInfo(7, holder, holder, holder));
      Emergency emergency = dispatcher.beginEmergency(Duration.ZERO);
      assertEquals(UNSUPPORTED, emergency.queryVariableInfo(7, holder, holder, holder));
      assertTrue(
          emergency.resetSystem(ResetType.COLD, EfiStatus.SUCCESS, null).isSuccess(), "the others");
    }
    assertEquals(1, firmware.entries());
  }

  @Test
  void typedReset() {
    try (Dispatcher dispatcher = without(RuntimeService.RESET_SYSTEM)) {
      assertEquals(
          UNSUPPORTED,
          dispatcher.runtimeServices().resetSystem(ResetType.COLD, EfiStatus.SUCCESS, null));
    }
    assertEquals(0, firmware.entries());
  }

  /** A question that precedes a call is a call too: firmware that cannot tell is not asked. */
  @Test
  void inTheQuestionBeforeAWrite() {
    MemorySegment data = MemorySegment.ofArray(new byte[8]);
    try (Dispatcher dispatcher = without(RuntimeService.QUERY_VARIABLE_INFO)) {
      assertTrue(
          dispatcher.runtimeServices().setVariable("n", new EfiGuid(1, 2), 7, 8, data).isSuccess());
    }
    assertEquals(
        List.of(RuntimeService.SET_VARIABLE),
        firmware.recorded().stream().map(RecordedCall::service).toList());
  }

  @Test
  void inTheQuestionBeforeACapsule() {
    int persist = EfiCapsuleHeader.PERSIST_ACROSS_RESET;
    EfiCapsuleHeader capsule = new EfiCapsuleHeader(new EfiGuid(3, 4), 28, persist, 4096);
    try (Dispatcher dispatcher = without(RuntimeService.QUERY_CAPSULE_CAPABILITIES)) {
      assertEquals(UNSUPPORTED, dispatcher.runtimeServices().updateCapsule(List.of(capsule), 0));
    }
    assertEquals(0, firmware.entries());
  }

  @Test
  void aTableOfAnotherVersionOrLengthIsNotTaken() {
    assertEquals(
        "properties table must be of a known version: version=2, length=8",
        assertThrows(
                IllegalArgumentException.class,
                () -> Dispatcher.builder().supportedServices(new RtProperties(2, 8, 0x3FFF)))
            .getMessage());
    assertEquals(
        "properties table must be of a known version: version=1, length=12",
        assertThrows(
                IllegalArgumentException.class,
                () -> Dispatcher.builder().supportedServices(new RtProperties(1, 12, 0x3FFF)))
            .getMessage());
  }
}

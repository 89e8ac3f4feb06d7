// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.AsyncRuntimeServicesAbi;
import io.efirts.api.CallResult;
import io.efirts.api.PendingCall;
import io.efirts.api.spec.RuntimeService;
import io.efirts.testkit.RecordedCall;
import io.efirts.testkit.ScriptedFirmware;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Services and vendors' entries can be started by words; reset cannot. */
class StartedWordsTest {
  private static final long ENTRY = 0xFFFF_8000_0000_1000L;

  private final ScriptedFirmware firmware = new ScriptedFirmware().record(64);
  private final Dispatcher dispatcher =
      Dispatcher.builder().firmware(firmware).calls(1).storageReserve(0).invoker().start();
  private final AsyncRuntimeServicesAbi abi = dispatcher.asyncAbi();

  @AfterEach
  void close() {
    dispatcher.close();
  }

  @Test
  void everyServiceButResetIsStartedWithItsWords() {
    List<RuntimeService> services = new ArrayList<>(List.of(RuntimeService.values()));
    services.remove(RuntimeService.RESET_SYSTEM);
    // It asks for the type of reset first, with headers that these words do not lead to.
    services.remove(RuntimeService.UPDATE_CAPSULE);
    PendingCall call = abi.newPendingCall();
    for (RuntimeService service : services) {
      assertTrue(abi.call(call, service, 1, 2, 3, 4, 5));
      assertNull(call.poll());
      assertTrue(dispatcher.pump());
      assertEquals(CallResult.completed(0), call.poll());
    }
    List<RecordedCall> recorded = firmware.recorded();
    assertEquals(services, recorded.stream().map(RecordedCall::service).toList());
    for (RecordedCall made : recorded) {
      assertEquals(List.of(1L, 2L, 3L, 4L, 5L).subList(0, made.words().size()), made.words());
    }
  }

  @Test
  void aVendorsEntryIsStartedWithItsWords() throws InterruptedException {
    RecordedEnds ends = new RecordedEnds();
    PendingCall call = abi.newPendingCall(ends);
    for (int count = 0; count <= 6; count++) {
      assertTrue(abi.callVendor(call, ENTRY, count, 1, 2, 3, 4, 5, 6));
      assertTrue(dispatcher.pump());
      assertEquals(CallResult.completed(0), ends.await().result());
      RecordedCall made = firmware.recorded().getLast();
      assertEquals(ENTRY, made.vendorEntryPoint());
      assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L).subList(0, count), made.words());
    }
  }

  @Test
  void resetCannotBeStarted() {
    PendingCall call = abi.newPendingCall();
    assertEquals(
        "reset runs on its caller and cannot be started: service=ResetSystem",
        assertThrows(
                IllegalArgumentException.class,
                () -> abi.call(call, RuntimeService.RESET_SYSTEM, 0, 0, 0, 0, 0))
            .getMessage());
    assertEquals(0, firmware.entries());
  }

  /** The one call there is was given back, or the next start would be refused. */
  @Test
  void misuseByWordsGivesTheCallBack() {
    PendingCall call = abi.newPendingCall();
    for (int round = 0; round < 3; round++) {
      assertThrows(
          IllegalArgumentException.class, () -> abi.callVendor(call, 0, 0, 0, 0, 0, 0, 0, 0));
      assertThrows(
          IllegalArgumentException.class, () -> abi.callVendor(call, ENTRY, 7, 0, 0, 0, 0, 0, 0));
      assertThrows(NullPointerException.class, () -> abi.call(call, null, 0, 0, 0, 0, 0));
    }
    assertTrue(abi.callVendor(call, ENTRY, 0, 0, 0, 0, 0, 0, 0));
    assertTrue(dispatcher.pump());
    assertEquals(CallResult.completed(0), call.poll());
    assertEquals(1, firmware.entries());
  }
}

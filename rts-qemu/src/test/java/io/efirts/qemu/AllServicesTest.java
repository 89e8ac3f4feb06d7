// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu;

import static io.efirts.qemu.ServiceCall.answers;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.api.spi.InterruptControl;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.virtualmode.VirtualModeSwitch;
import io.efirts.qemu.machine.GuestArch;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Real firmware answers every service in the tables that it has left, in ours at its physical
 * addresses, and at virtual ones: with both aliases, and with the virtual ones alone, where nothing
 * is writable and executable.
 */
@Tag("real-firmware")
@Timeout(180)
class AllServicesTest {
  private static final String SUCCESS = "EFI_SUCCESS";

  @ParameterizedTest
  @EnumSource
  void answerTheSameInAllAddressSpaces(GuestArch arch) {
    try (QemuGuest guest = QemuGuest.boot(GuestSettings.of(arch))) {
      Map<ServiceCall, String> expected = answers(guest.underFirmwareTables());
      for (ServiceCall call : ServiceCall.values()) {
        boolean ofCapsules =
            call == ServiceCall.UPDATE_CAPSULE || call == ServiceCall.QUERY_CAPSULE_CAPABILITIES;
        boolean ofAlarm =
            call == ServiceCall.GET_WAKEUP_TIME || call == ServiceCall.SET_WAKEUP_TIME;
        // The boards have no device for capsules, and of the clocks only the PC's has an alarm.
        if (!ofCapsules && !(ofAlarm && arch == GuestArch.ARM64)) {
          assertEquals(SUCCESS, expected.get(call), call::toString);
        }
      }
      assertEquals(expected, answers(guest.atPhysicalAddresses()));

      GuestHost first = GuestHost.first(guest);
      FirmwareInstance switched =
          VirtualModeSwitch.perform(guest.firmware(), first.host(), InterruptControl.NONE);
      assertNull(switched.failure());
      assertEquals(List.of(), first.host().findings());
      assertEquals(expected, answers(switched));

      GuestHost virtualOnly = GuestHost.successor(guest, first.runtimeRegions());
      virtualOnly.runtimeRegions().forEach(virtualOnly::unmapPhysical);
      assertEquals(List.of(), virtualOnly.host().findings());
      assertEquals(expected, answers(virtualOnly.instance()));

      reset(guest, virtualOnly.runtimeRegions());
    }
  }

  /** A second switch is firmware's to refuse; a reset ends the machine, and is no fault. */
  private static void reset(QemuGuest guest, List<EfiMemoryDescriptor> regions) {
    GuestHost host = GuestHost.successor(guest, regions);
    try (Dispatcher dispatcher = Dispatcher.builder().firmware(host::instance).invoker().start()) {
      CallResult second =
          dispatcher.abi().call(RuntimeService.SET_VIRTUAL_ADDRESS_MAP, 48, 48, 1, 0, 0);
      assertEquals(EfiStatus.UNSUPPORTED, second.status());
      CallResult reset =
          dispatcher.runtimeServices().resetSystem(ResetType.SHUTDOWN, EfiStatus.SUCCESS, null);
      assertTrue(reset.isSuccess(), reset::toString);
      assertTrue(dispatcher.fault().isEmpty());
    }
    assertTrue(!guest.machine().isAlive());
  }
}

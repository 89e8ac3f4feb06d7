// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.memory.Access;
import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.api.spi.InterruptControl;
import io.efirts.api.spi.VirtualModeHost;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.event.FaultReport;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.dispatch.virtualmode.VirtualModeSwitch;
import io.efirts.qemu.machine.GuestArch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * SetVirtualAddressMap, 2012: is the array of descriptors passed by a physical or by a virtual
 * address? Real firmware reads it where it is told, with the tables it is called with. Here it lies
 * in memory that a careless 1:1 map has left out, as kernels' maps left out what lay above 512 GiB.
 */
@Tag("real-firmware")
@Timeout(120)
class ArrayOutOfReachStoryTest {
  private static final long ARRAY_BYTES = 16 * AddressSpace.PAGE_BYTES;

  /** In memory that nobody uses, far from the arena. */
  private static final long ARRAY_OFFSET = 0x200_0000;

  private record Prepared(VirtualModeHost host, AddressSpace identity) {}

  private static Prepared prepare(QemuGuest guest, MemoryRegion array) {
    return switch (guest) {
      case X86Guest x86 -> {
        io.efirts.x86.EfiHost host = x86.hostBuilder().descriptorArray(array).build();
        yield new Prepared(host, host.identity().tables());
      }
      case Arm64Guest arm64 -> {
        io.efirts.arm64.EfiHost host = arm64.build(arm64.hostBuilder().descriptorArray(array));
        yield new Prepared(host, host.identity().tables());
      }
    };
  }

  @ParameterizedTest
  @EnumSource
  void whereItIsNotMappedFirmwareFaultsAndIsLost(GuestArch arch) {
    try (QemuGuest guest = QemuGuest.boot(GuestSettings.of(arch))) {
      MemoryRegion array = array(guest);
      long at = array.base().value();
      Prepared careless = prepare(guest, array);
      careless.identity.unmap(new VirtualAddress(at), ARRAY_BYTES).flush();
      requireFault(
          VirtualModeSwitch.perform(guest.firmware(), careless.host, InterruptControl.NONE), at);

      // Firmware does not forget that it was asked before.
      FirmwareInstance again =
          VirtualModeSwitch.perform(
              guest.firmware(), prepare(guest, array).host, InterruptControl.NONE);
      String refusal = again.failure().getMessage();
      assertTrue(refusal.contains("status=EFI_UNSUPPORTED"), refusal);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whereItIsMappedAllServicesWork(GuestArch arch) {
    try (QemuGuest guest = QemuGuest.boot(GuestSettings.of(arch))) {
      FirmwareInstance switched =
          VirtualModeSwitch.perform(
              guest.firmware(), prepare(guest, array(guest)).host, InterruptControl.NONE);
      assertNull(switched.failure());
      ServiceCall.answers(switched)
          .forEach(
              (call, answer) ->
                  assertTrue(
                      !RemovedRegion.TRIED.contains(call) || answer.equals("EFI_SUCCESS"),
                      () -> call + ": " + answer));
    }
  }

  private static MemoryRegion array(QemuGuest guest) {
    MemoryRegion ram = guest.memory().regions().getFirst();
    return new MemoryRegion(
        new PhysicalAddress(ram.base().value() + ARRAY_OFFSET),
        ram.bytes().asSlice(ARRAY_OFFSET, ARRAY_BYTES));
  }

  private static void requireFault(FirmwareInstance instance, long array) {
    try (Dispatcher dispatcher = Dispatcher.builder().firmware(() -> instance).invoker().start()) {
      assertEquals(DispatcherMode.DISABLED, dispatcher.mode());
      FaultReport report = dispatcher.fault().orElseThrow();
      assertEquals(RuntimeService.SET_VIRTUAL_ADDRESS_MAP, report.service());
      FirmwareFault fault =
          assertInstanceOf(FirmwareFault.class, report.thrown().getCause(), report::toString);
      assertEquals(FaultKind.NOT_MAPPED, fault.kind());
      assertEquals(Access.READ, fault.access());
      assertTrue(
          fault.address() >= array && fault.address() < array + ARRAY_BYTES, report::toString);
      String text = String.join("\n", report.explanation());
      assertTrue(text.contains("not present") || text.contains("not valid"), text);
      assertTrue(text.contains("lies in EfiConventionalMemory"), text);
    }
  }
}

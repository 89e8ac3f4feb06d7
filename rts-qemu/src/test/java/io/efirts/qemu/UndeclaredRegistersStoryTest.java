// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.map.MemoryMap;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryType;
import io.efirts.api.spi.FirmwareContext;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.event.FaultReport;
import io.efirts.qemu.machine.GuestArch;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Device registers, 2016: a memory map that does not declare the registers which firmware touches,
 * as the map of that machine did not declare its hub's. With page tables of its own firmware faults
 * at them, and the report says where; declared to the host, they are mapped, and it does not.
 */
@Tag("real-firmware")
@Timeout(120)
class UndeclaredRegistersStoryTest {
  private static List<EfiMemoryDescriptor> registers(QemuGuest guest) {
    return guest.memoryMap().regions().stream()
        .filter(region -> region.isRuntime() && region.type() == MemoryType.MEMORY_MAPPED_IO)
        .toList();
  }

  private static MemoryMap withoutRegisters(QemuGuest guest) {
    List<EfiMemoryDescriptor> registers = registers(guest);
    return MemoryMap.of(
        guest.memoryMap().regions().stream().filter(r -> !registers.contains(r)).toList());
  }

  /** At physical addresses, on tables of a host that may be told of the registers. */
  private static FirmwareInstance instance(
      QemuGuest guest, MemoryMap map, List<EfiMemoryDescriptor> declared) {
    FirmwareContext context =
        switch (guest) {
          case X86Guest x86 -> {
            io.efirts.x86.EfiHostBuilder builder = x86.hostBuilder(map);
            for (EfiMemoryDescriptor r : declared) {
              builder.mmio(new io.efirts.x86.space.MmioRange(r.physicalStart(), r.numberOfPages()));
            }
            yield builder.build().context();
          }
          case Arm64Guest arm64 -> {
            io.efirts.arm64.EfiHostBuilder builder = arm64.hostBuilder(map);
            for (EfiMemoryDescriptor r : declared) {
              builder.mmio(
                  new io.efirts.arm64.space.MmioRange(r.physicalStart(), r.numberOfPages()));
            }
            yield arm64.build(builder).context();
          }
        };
    return new FirmwareInstance(guest.firmware(), context);
  }

  private static Dispatcher start(FirmwareInstance instance) {
    return Dispatcher.builder().firmware(() -> instance).invoker().storageReserve(0).start();
  }

  @ParameterizedTest
  @EnumSource
  void whatFirmwareTouchesMustBeDeclared(GuestArch arch) {
    try (QemuGuest guest = QemuGuest.boot(GuestSettings.of(arch))) {
      MemoryMap map = withoutRegisters(guest);
      List<EfiMemoryDescriptor> registers = registers(guest);
      assertEquals(arch == GuestArch.X86_64 ? 1 : 2, registers.size());

      requireFault(guest, map, ServiceCall.SET_VARIABLE, registers.getFirst());
      if (arch == GuestArch.ARM64) {
        requireFault(guest, map, ServiceCall.GET_TIME, registers.getLast());
      }

      try (Dispatcher dispatcher = start(instance(guest, map, registers))) {
        for (ServiceCall call : RemovedRegion.TRIED) {
          CallResult result = call.make(dispatcher.runtimeServices());
          assertTrue(result.isSuccess(), () -> call + ": " + result);
        }
      }
    }
  }

  private static void requireFault(
      QemuGuest guest, MemoryMap map, ServiceCall call, EfiMemoryDescriptor registers) {
    try (Dispatcher dispatcher = start(instance(guest, map, List.of()))) {
      assertEquals(Outcome.FAULTED, call.make(dispatcher.runtimeServices()).outcome());
      FaultReport report = dispatcher.fault().orElseThrow();
      FirmwareFault fault = assertInstanceOf(FirmwareFault.class, report.thrown());
      assertEquals(FaultKind.NOT_MAPPED, fault.kind());
      long offset = fault.address() - registers.physicalStart();
      assertTrue(
          offset >= 0 && offset < registers.numberOfPages() * EfiMemoryDescriptor.PAGE_SIZE_BYTES,
          report::toString);
      assertTrue(report.likelyCause().contains("no descriptor declares"), report::toString);
    }
  }
}

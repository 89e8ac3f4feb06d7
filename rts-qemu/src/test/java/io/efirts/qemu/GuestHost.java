// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu;

import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.api.spi.VirtualModeHost;
import java.util.List;

/**
 * A host of either architecture, as far as tests look at it.
 *
 * @param guest whose host it is
 * @param host the host
 * @param tables in which ordinary calls are made
 */
record GuestHost(QemuGuest guest, VirtualModeHost host, AddressSpace tables) {
  /** The guest's first host. */
  static GuestHost first(QemuGuest guest) {
    return switch (guest) {
      case X86Guest x86 -> {
        io.efirts.x86.EfiHost host = x86.hostBuilder().build();
        yield new GuestHost(guest, host, host.space().tables());
      }
      case Arm64Guest arm64 -> {
        io.efirts.arm64.EfiHost host = arm64.build(arm64.hostBuilder());
        yield new GuestHost(guest, host, host.space().tables());
      }
    };
  }

  /** A host after another one, which has switched firmware to these addresses. */
  static GuestHost successor(QemuGuest guest, List<EfiMemoryDescriptor> regions) {
    return switch (guest) {
      case X86Guest x86 -> {
        io.efirts.x86.EfiHost host =
            x86.hostBuilder()
                .successor(regions, io.efirts.x86.plan.VirtualAddressPlanner.LINUX_WINDOW)
                .build();
        yield new GuestHost(guest, host, host.space().tables());
      }
      case Arm64Guest arm64 -> {
        io.efirts.arm64.EfiHost host =
            arm64.build(
                arm64
                    .hostBuilder()
                    .successor(regions, io.efirts.arm64.plan.VirtualAddressPlanner.LINUX_WINDOW));
        yield new GuestHost(guest, host, host.space().tables());
      }
    };
  }

  /** What it calls firmware with. */
  FirmwareInstance instance() {
    return new FirmwareInstance(guest.firmware(), host.context(), host.crashContext());
  }

  /** Firmware's regions, with their virtual addresses. */
  List<EfiMemoryDescriptor> runtimeRegions() {
    return host.descriptors().stream().filter(EfiMemoryDescriptor::isRuntime).toList();
  }

  /** Takes a region away where it is mapped at its physical address. */
  void unmapPhysical(EfiMemoryDescriptor region) {
    tables.unmap(new VirtualAddress(region.physicalStart()), bytes(region)).flush();
  }

  /** Takes a region away where it is mapped at its virtual address. */
  void unmapVirtual(EfiMemoryDescriptor region) {
    tables.unmap(new VirtualAddress(region.virtualStart()), bytes(region)).flush();
  }

  private static long bytes(EfiMemoryDescriptor region) {
    return region.numberOfPages() * EfiMemoryDescriptor.PAGE_SIZE_BYTES;
  }
}

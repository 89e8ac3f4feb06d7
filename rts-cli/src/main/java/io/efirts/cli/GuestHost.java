// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.paging.Mapping;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.api.spi.VirtualModeHost;
import io.efirts.qemu.Arm64Guest;
import io.efirts.qemu.QemuGuest;
import io.efirts.qemu.X86Guest;
import io.efirts.x86.EfiHost;
import io.efirts.x86.EfiHostBuilder;
import java.util.List;
import java.util.function.Supplier;

/**
 * A guest's host of either architecture: the two have the same parts, of types that have only some
 * of their methods in common.
 *
 * @param guest whose host it is
 * @param host contexts and addresses
 * @param tables in which ordinary calls are made
 * @param mappings what these tables map at this moment
 */
record GuestHost(
    QemuGuest guest, VirtualModeHost host, AddressSpace tables, Supplier<List<Mapping>> mappings) {
  /** A host of a guest that has had none which switched firmware. */
  static GuestHost first(QemuGuest guest) {
    return switch (guest) {
      case X86Guest x86 -> of(x86, x86.hostBuilder());
      case Arm64Guest arm64 -> of(arm64, arm64.hostBuilder());
    };
  }

  /** A host that takes over from this one, which has switched firmware to its addresses. */
  GuestHost successor() {
    List<EfiMemoryDescriptor> regions = runtimeRegions();
    return switch (guest) {
      case X86Guest x86 ->
          of(
              x86,
              x86.hostBuilder()
                  .successor(regions, io.efirts.x86.plan.VirtualAddressPlanner.LINUX_WINDOW));
      case Arm64Guest arm64 ->
          of(
              arm64,
              arm64
                  .hostBuilder()
                  .successor(regions, io.efirts.arm64.plan.VirtualAddressPlanner.LINUX_WINDOW));
    };
  }

  private static GuestHost of(X86Guest guest, EfiHostBuilder builder) {
    EfiHost host = builder.build();
    return new GuestHost(
        guest, host, host.space().tables(), () -> host.space().tables().mappings());
  }

  private static GuestHost of(Arm64Guest guest, io.efirts.arm64.EfiHostBuilder builder) {
    io.efirts.arm64.EfiHost host = guest.build(builder);
    return new GuestHost(
        guest, host, host.space().tables(), () -> host.space().tables().mappings());
  }

  /** The guest's firmware in the contexts of this host, without a switch. */
  FirmwareInstance instance() {
    return new FirmwareInstance(guest.firmware(), host.context(), host.crashContext());
  }

  /** Firmware's regions, with their virtual addresses. */
  List<EfiMemoryDescriptor> runtimeRegions() {
    return host.descriptors().stream().filter(EfiMemoryDescriptor::isRuntime).toList();
  }

  /** Takes a region out of the tables at both of its addresses, as if nobody had declared it. */
  void remove(EfiMemoryDescriptor region) {
    long bytes = region.numberOfPages() * EfiMemoryDescriptor.PAGE_SIZE_BYTES;
    tables.unmap(new VirtualAddress(region.virtualStart()), bytes).flush();
    tables.unmap(new VirtualAddress(region.physicalStart()), bytes).flush();
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.call;

import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.spec.EfiSystemTable;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spec.RuntimeServicesTable;
import io.efirts.qemu.agent.FakeAgent;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Firmware's tables in a fake guest's memory, which tests may damage. */
final class GuestTables {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  private final FakeAgent guest;
  private final long offset;

  /**
   * Sound tables.
   *
   * @param offset where, from the arena's start; two pages
   */
  GuestTables(FakeAgent guest, long offset, int revision) {
    this.guest = guest;
    this.offset = offset;
    MemorySegment services = services();
    RuntimeServicesTable.writeHeader(services, 0, revision, RuntimeServicesTable.SIZE_64_BYTES);
    for (RuntimeService service : RuntimeService.values()) {
      RuntimeServicesTable.writeFunctionPointer64(services, 0, service, entry(service));
    }
    RuntimeServicesTable.updateCrc32(services, 0);
    MemorySegment system = system();
    system.set(LONG, RuntimeServicesTable.SIGNATURE_OFFSET, EfiSystemTable.SIGNATURE);
    system.set(INT, RuntimeServicesTable.HEADER_SIZE_OFFSET, EfiSystemTable.SIZE_64_BYTES);
    pointTo(guest.base() + offset + 4096);
  }

  static long entry(RuntimeService service) {
    return 0xF5E_C000L + 0x100L * service.ordinal();
  }

  /** Changes where the system table says that the services are. */
  void pointTo(long servicesAddress) {
    system().set(LONG, EfiSystemTable.RUNTIME_SERVICES_OFFSET_64, servicesAddress);
    RuntimeServicesTable.updateCrc32(system(), 0);
  }

  /** Changes a service, as SetVirtualAddressMap does. */
  void move(RuntimeService service, long address) {
    RuntimeServicesTable.writeFunctionPointer64(services(), 0, service, address);
    RuntimeServicesTable.updateCrc32(services(), 0);
  }

  MemorySegment system() {
    return guest.bytes().asSlice(offset, EfiSystemTable.SIZE_64_BYTES);
  }

  MemorySegment services() {
    return guest.bytes().asSlice(offset + 4096, RuntimeServicesTable.SIZE_64_BYTES);
  }

  PhysicalAddress address() {
    return new PhysicalAddress(guest.base() + offset);
  }
}

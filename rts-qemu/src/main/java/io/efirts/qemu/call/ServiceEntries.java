// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.call;

import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.spec.EfiSystemTable;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spec.RuntimeServicesTable;
import io.efirts.qemu.agent.AgentException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Where firmware's functions are. The table is read anew for each call, from memory and not by way
 * of firmware's address space: SetVirtualAddressMap changes the pointers in it, and leaves it where
 * it is.
 */
public final class ServiceEntries {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment table;
  private final int revision;

  private ServiceEntries(MemorySegment table) {
    this.table = table;
    this.revision = table.get(INT, RuntimeServicesTable.REVISION_OFFSET);
  }

  /**
   * Finds the table, while the pointers that lead to it are physical.
   *
   * @param memory the guest's
   * @param systemTable physical address of the EFI system table
   * @return the entries
   * @throws AgentException if a table is not in memory or not sound
   */
  public static ServiceEntries find(GuestMemory memory, PhysicalAddress systemTable) {
    MemorySegment system = bytes(memory, systemTable.value(), EfiSystemTable.SIZE_64_BYTES);
    EfiSystemTable.verify(system, EfiSystemTable.SIZE_64_BYTES).ifPresent(ServiceEntries::refuse);
    MemorySegment table =
        bytes(memory, EfiSystemTable.runtimeServices64(system), RuntimeServicesTable.SIZE_64_BYTES);
    RuntimeServicesTable.verify64(table, 0).ifPresent(ServiceEntries::refuse);
    return new ServiceEntries(table);
  }

  private static void refuse(String broken) {
    throw new AgentException("firmware's tables must be sound: " + broken);
  }

  private static MemorySegment bytes(GuestMemory memory, long address, long lengthBytes) {
    MemoryRegion region = memory.regionAt(address);
    if (region == null || region.bytes().byteSize() - region.offsetOf(address) < lengthBytes) {
      throw new AgentException(
          "firmware's tables must lie in memory: address=0x" + Long.toHexString(address));
    }
    return region.bytes().asSlice(region.offsetOf(address), lengthBytes);
  }

  /**
   * The address of a service. Never blocks or allocates.
   *
   * @param service which
   * @return where the function begins, in the address space in which firmware is; 0 if it has none
   */
  public long of(RuntimeService service) {
    return service.existsIn(revision)
        ? RuntimeServicesTable.readFunctionPointer64(table, 0, service)
        : 0;
  }
}

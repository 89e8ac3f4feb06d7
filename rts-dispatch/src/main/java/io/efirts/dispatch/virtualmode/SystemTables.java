// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.virtualmode;

import io.efirts.api.memory.Access;
import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.memory.Translation;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.EfiSystemTable;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spec.RuntimeServicesTable;
import io.efirts.api.spi.VirtualModeFailure;
import io.efirts.api.spi.VirtualModeHost;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The tables of a 64-bit firmware around SetVirtualAddressMap: found before; sound, and at their
 * virtual addresses, afterwards. Memory is read as firmware would see it, so a pointer that leads
 * nowhere is found here and not by the first call.
 */
final class SystemTables {
  /** SetVirtualAddressMap leaves these where they were: nobody calls them again. */
  private static final Set<RuntimeService> STAY_PHYSICAL =
      EnumSet.of(RuntimeService.SET_VIRTUAL_ADDRESS_MAP, RuntimeService.CONVERT_POINTER);

  private static final ValueLayout.OfInt UINT32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final VirtualModeHost host;
  private long physicalTable;

  SystemTables(VirtualModeHost host) {
    this.host = host;
  }

  /** Finds the runtime services table while pointers are physical. */
  void noteBefore() throws VirtualModeFailure {
    if (host.systemTable() != null) {
      AddressSpaceView memory = host.identityContext().memory();
      physicalTable = runtimeServices(memory);
      read(memory, physicalTable, RuntimeServicesTable.SIZE_64_BYTES);
    }
  }

  /** Checks what SetVirtualAddressMap has left, in the address space as it is now. */
  void check() throws VirtualModeFailure {
    if (host.systemTable() == null) {
      return;
    }
    AddressSpaceView memory = host.context().memory();
    long table = runtimeServices(memory);
    long virtualTable = virtualAddress(physicalTable);
    if (table != virtualTable) {
      throw failure(
          "runtime services table must be where it was, at its virtual address:"
              + " was=0x%x, is=0x%x, virtualAddress=0x%x"
                  .formatted(physicalTable, table, virtualTable),
          null);
    }
    MemorySegment bytes = read(memory, table, RuntimeServicesTable.SIZE_64_BYTES);
    requireSound(RuntimeServicesTable.verify64(bytes, 0));
    int revision = bytes.get(UINT32, RuntimeServicesTable.REVISION_OFFSET);
    for (int i = 0; i < RuntimeService.COUNT && RuntimeService.of(i).existsIn(revision); i++) {
      RuntimeService service = RuntimeService.of(i);
      long entry = RuntimeServicesTable.readFunctionPointer64(bytes, 0, service);
      if (entry != 0
          && !STAY_PHYSICAL.contains(service)
          && Translation.isFault(memory.addressSpace().translate(entry, Access.EXECUTE))) {
        throw failure(
            "entry of %s must be executable: entry=0x%x".formatted(service.efiName(), entry), null);
      }
    }
  }

  /** What firmware was told; the address itself where it was told nothing. */
  private long virtualAddress(long physicalAddress) {
    for (EfiMemoryDescriptor region : host.descriptors()) {
      long offset = physicalAddress - region.physicalStart();
      if (offset >= 0 && offset / EfiMemoryDescriptor.PAGE_SIZE_BYTES < region.numberOfPages()) {
        return region.virtualStart() + offset;
      }
    }
    return physicalAddress;
  }

  /** The pointer in the system table; that table is itself mapped identically in any case. */
  private long runtimeServices(AddressSpaceView memory) throws VirtualModeFailure {
    MemorySegment table = read(memory, host.systemTable().value(), EfiSystemTable.SIZE_64_BYTES);
    requireSound(EfiSystemTable.verify(table, EfiSystemTable.SIZE_64_BYTES));
    return EfiSystemTable.runtimeServices64(table);
  }

  private static MemorySegment read(AddressSpaceView memory, long address, long sizeBytes)
      throws VirtualModeFailure {
    MemorySegment bytes = MemorySegment.ofArray(new long[(int) (sizeBytes / Long.BYTES)]);
    try {
      memory.read(address, bytes, 0, sizeBytes);
    } catch (FirmwareFault fault) {
      throw failure("firmware's tables must be readable: " + fault.getMessage(), fault);
    }
    return bytes;
  }

  private static void requireSound(Optional<String> broken) throws VirtualModeFailure {
    if (broken.isPresent()) {
      throw failure("firmware's tables must be sound: " + broken.get(), null);
    }
  }

  private static VirtualModeFailure failure(String message, Throwable cause) {
    return new VirtualModeFailure(message, cause, List.of());
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.virtualmode;

import io.efirts.api.call.CallMemory;
import io.efirts.api.flat.FlatFirmwareContext;
import io.efirts.api.flat.FlatVcpu;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.EfiSystemTable;
import io.efirts.api.spec.MemoryAttributes;
import io.efirts.api.spec.MemoryType;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spec.RuntimeServicesTable;
import io.efirts.api.spi.FirmwareContext;
import io.efirts.api.spi.VirtualModeHost;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A host without page tables, and a firmware's tables in its memory: a page of code, a page with
 * both tables, a page for the array of descriptors.
 */
final class FlatHost implements VirtualModeHost {
  static final long CODE = 0x10_0000;
  static final long TABLES = 0x20_0000;
  static final long ARRAY = 0x30_0000;
  static final long RUNTIME_SERVICES = TABLES + 0x100;

  private static final int PAGE = 4096;
  private static final long ITEMS = 0x40_0000;
  private static final ValueLayout.OfLong UINT64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  final MemorySegment tables = CallMemory.allocate(PAGE);
  final MemorySegment array = CallMemory.allocate(PAGE);
  final FlatFirmwareContext identity = newContext();
  final FlatFirmwareContext ordinary = newContext();
  boolean begun;
  boolean entered;

  FlatHost() {
    RuntimeServicesTable.writeHeader(
        tables, 0x100, RuntimeServicesTable.REVISION_2_10, RuntimeServicesTable.SIZE_64_BYTES);
    for (int i = 0; i < RuntimeService.COUNT; i++) {
      RuntimeServicesTable.writeFunctionPointer64(
          tables, 0x100, RuntimeService.of(i), CODE + 0x10L * i);
    }
    RuntimeServicesTable.updateCrc32(tables, 0x100);
    RuntimeServicesTable.writeHeader(
        tables, 0, RuntimeServicesTable.REVISION_2_10, EfiSystemTable.SIZE_64_BYTES);
    tables.set(UINT64, RuntimeServicesTable.SIGNATURE_OFFSET, EfiSystemTable.SIGNATURE);
    runtimeServicesAt(RUNTIME_SERVICES);
  }

  private FlatFirmwareContext newContext() {
    FlatFirmwareContext context =
        new FlatFirmwareContext(
            new FlatVcpu(0),
            new MemoryRegion(new PhysicalAddress(ITEMS), CallMemory.allocate(1024 * PAGE)),
            List.of(
                new MemoryRegion(new PhysicalAddress(CODE), CallMemory.allocate(PAGE)),
                new MemoryRegion(new PhysicalAddress(TABLES), tables),
                new MemoryRegion(new PhysicalAddress(ARRAY), array)));
    context.addressSpace().protect(new VirtualAddress(CODE), PAGE, MappingAttributes.CODE).ignore();
    return context;
  }

  /** Writes the pointer in the system table, and its checksum. */
  void runtimeServicesAt(long address) {
    tables.set(UINT64, EfiSystemTable.RUNTIME_SERVICES_OFFSET_64, address);
    RuntimeServicesTable.updateCrc32(tables, 0);
  }

  /** Writes a function pointer, and the checksum of its table. */
  void entryAt(RuntimeService service, long address) {
    RuntimeServicesTable.writeFunctionPointer64(tables, 0x100, service, address);
    RuntimeServicesTable.updateCrc32(tables, 0x100);
  }

  /** Makes the runtime services table one of 11 services; the words behind it stay. */
  void tablesOfRevision110() {
    int sizeBytes = RuntimeService.UPDATE_CAPSULE.offset64();
    for (int offset = sizeBytes; offset < RuntimeServicesTable.SIZE_64_BYTES; offset += 8) {
      tables.set(UINT64, 0x100 + offset, 0x6B6E_756A);
    }
    RuntimeServicesTable.writeHeader(tables, 0x100, RuntimeServicesTable.REVISION_1_10, sizeBytes);
    RuntimeServicesTable.updateCrc32(tables, 0x100);
  }

  @Override
  public FirmwareContext context() {
    return ordinary;
  }

  @Override
  public FirmwareContext crashContext() {
    return null;
  }

  @Override
  public FirmwareContext identityContext() {
    return identity;
  }

  @Override
  public CallMemory descriptorArray(long lengthBytes) {
    return new CallMemory(array, ARRAY, new PhysicalAddress(ARRAY));
  }

  @Override
  public List<EfiMemoryDescriptor> descriptors() {
    return List.of(
        new EfiMemoryDescriptor(
            MemoryType.RUNTIME_SERVICES_CODE, CODE, CODE, 1, MemoryAttributes.RUNTIME),
        new EfiMemoryDescriptor(
            MemoryType.RUNTIME_SERVICES_DATA, TABLES, TABLES, 1, MemoryAttributes.RUNTIME));
  }

  @Override
  public PhysicalAddress systemTable() {
    return new PhysicalAddress(TABLES);
  }

  @Override
  public void beginVirtualMode() {
    if (begun) {
      throw new IllegalStateException("virtual mode must be entered once only: begun=true");
    }
    begun = true;
  }

  @Override
  public void virtualModeEntered() {
    entered = true;
  }
}

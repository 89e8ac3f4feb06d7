// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.placed;

import static io.efirts.api.spec.EfiSystemTable.CONFIGURATION_TABLE_OFFSET_64;
import static io.efirts.api.spec.EfiSystemTable.FIRMWARE_REVISION_OFFSET_64;
import static io.efirts.api.spec.EfiSystemTable.FIRMWARE_VENDOR_OFFSET_64;
import static io.efirts.api.spec.EfiSystemTable.NUMBER_OF_TABLE_ENTRIES_OFFSET_64;
import static io.efirts.api.spec.EfiSystemTable.RUNTIME_SERVICES_OFFSET_64;

import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiMemoryAttributesTable;
import io.efirts.api.spec.EfiSystemTable;
import io.efirts.api.spec.MemoryDescriptorArray;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spec.RuntimeServicesTable;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes the tables by which a host finds a firmware, with physical addresses, as they are when
 * boot services end: without console and boot services. One configuration table, the memory
 * attributes table, which lies behind them.
 */
final class FirmwareTables {
  private static final ValueLayout.OfInt UINT32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong UINT64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final int REVISION = RuntimeServicesTable.REVISION_2_7;
  private static final int FIRMWARE_REVISION = 0x1_0000;
  private static final byte[] VENDOR = "efi-rts\0".getBytes(StandardCharsets.UTF_16LE);

  private final MemorySegment globals;
  private final FirmwareAddresses addresses;

  private FirmwareTables(MemorySegment globals, FirmwareAddresses addresses) {
    this.globals = globals;
    this.addresses = addresses;
  }

  static void write(
      MemorySegment globals,
      FirmwareAddresses addresses,
      EfiMemoryAttributesTable attributesTable) {
    FirmwareTables tables = new FirmwareTables(globals, addresses);
    tables.writeRuntimeServices();
    tables.writeSystemTable();
    tables.writeAttributesTable(attributesTable);
  }

  private void writeRuntimeServices() {
    RuntimeServicesTable.writeHeader(
        globals, Globals.RUNTIME_SERVICES, REVISION, RuntimeServicesTable.SIZE_64_BYTES);
    for (int i = 0; i < RuntimeService.COUNT; i++) {
      RuntimeServicesTable.writeFunctionPointer64(
          globals, Globals.RUNTIME_SERVICES, RuntimeService.of(i), addresses.physical(i));
    }
    RuntimeServicesTable.updateCrc32(globals, Globals.RUNTIME_SERVICES);
  }

  private void writeSystemTable() {
    int table = Globals.SYSTEM_TABLE;
    MemorySegment.copy(MemorySegment.ofArray(VENDOR), 0, globals, Globals.VENDOR, VENDOR.length);
    // All tables begin with the same header.
    RuntimeServicesTable.writeHeader(globals, table, REVISION, EfiSystemTable.SIZE_64_BYTES);
    put64(table + RuntimeServicesTable.SIGNATURE_OFFSET, EfiSystemTable.SIGNATURE);
    put64(table + FIRMWARE_VENDOR_OFFSET_64, physical(Globals.VENDOR));
    globals.set(UINT32, table + FIRMWARE_REVISION_OFFSET_64, FIRMWARE_REVISION);
    put64(table + RUNTIME_SERVICES_OFFSET_64, physical(Globals.RUNTIME_SERVICES));
    put64(table + NUMBER_OF_TABLE_ENTRIES_OFFSET_64, 1);
    put64(table + CONFIGURATION_TABLE_OFFSET_64, physical(Globals.CONFIGURATION_TABLE));
    EfiMemoryAttributesTable.GUID.write(globals, Globals.CONFIGURATION_TABLE);
    put64(Globals.CONFIGURATION_TABLE + EfiGuid.SIZE_BYTES, physical(Globals.ATTRIBUTES_TABLE));
    RuntimeServicesTable.updateCrc32(globals, table);
  }

  private void writeAttributesTable(EfiMemoryAttributesTable table) {
    int stride = MemoryDescriptorArray.DEFAULT_DESCRIPTOR_SIZE;
    long at = Globals.ATTRIBUTES_TABLE;
    globals.set(UINT32, at, table.version());
    globals.set(UINT32, at + 4, table.entries().size());
    globals.set(UINT32, at + 8, stride);
    globals.set(UINT32, at + 12, (int) table.flags());
    MemorySegment entries = globals.asSlice(at + EfiMemoryAttributesTable.HEADER_BYTES);
    MemoryDescriptorArray.write(entries, stride, table.entries());
  }

  private long physical(int offset) {
    return addresses.physical(FirmwareAddresses.GLOBALS) + offset;
  }

  private void put64(long offset, long value) {
    globals.set(UINT64, offset, value);
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.placed;

import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.spec.EfiSystemTable;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spec.RuntimeServicesTable;
import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32;

/**
 * What SetVirtualAddressMap does to a firmware in guest memory, in EDK2's order: the drivers'
 * pointers, the runtime services table, the system table. Everything is reached at its physical
 * address in the caller's tables, and a fault leaves what was done by then.
 *
 * <p>Allocates nothing.
 */
public final class Relocation {
  /** Most descriptors a caller may pass; memory maps of large machines have some hundreds. */
  public static final int MAXIMUM_DESCRIPTORS = 1024;

  private final FirmwareAddresses addresses;
  private final boolean hasClock;
  private final PointerMap map;
  private final CRC32 crc = new CRC32();
  private final byte[] table = new byte[RuntimeServicesTable.SIZE_64_BYTES];
  private final MemorySegment tableSegment = MemorySegment.ofArray(table);
  private AddressSpaceView memory;

  Relocation(FirmwareAddresses addresses, boolean hasClock) {
    this.addresses = addresses;
    this.hasClock = hasClock;
    this.map = new PointerMap(MAXIMUM_DESCRIPTORS);
  }

  /**
   * Relocates the firmware.
   *
   * @param memory the caller's memory
   * @param array address of the descriptors
   * @param descriptorSize bytes from one to the next
   * @param descriptors how many, at most {@link #MAXIMUM_DESCRIPTORS}
   */
  public void perform(AddressSpaceView memory, long array, long descriptorSize, int descriptors) {
    this.memory = memory;
    map.load(memory, array, descriptorSize, descriptors);
    long globals = addresses.current(FirmwareAddresses.GLOBALS);
    convert(globals + Globals.MIRROR_POINTER);
    convert(globals + Globals.VOLATILE_POINTER);
    convert(globals + Globals.FLASH_POINTER);
    if (hasClock) {
      convert(addresses.current(FirmwareAddresses.TIME_DATA));
    }
    convertRuntimeServices(globals + Globals.RUNTIME_SERVICES);
    convertSystemTable(globals + Globals.SYSTEM_TABLE);
    addresses.relocate(map);
    map.clear();
  }

  private void convertRuntimeServices(long runtimeServices) {
    for (int i = 0; i < RuntimeService.COUNT; i++) {
      RuntimeService service = RuntimeService.of(i);
      if (service != RuntimeService.SET_VIRTUAL_ADDRESS_MAP
          && service != RuntimeService.CONVERT_POINTER) {
        convert(runtimeServices + service.offset64());
      }
    }
    updateCrc32(runtimeServices, RuntimeServicesTable.SIZE_64_BYTES);
  }

  private void convertSystemTable(long systemTable) {
    convert(systemTable + EfiSystemTable.FIRMWARE_VENDOR_OFFSET_64);
    convert(systemTable + EfiSystemTable.CONFIGURATION_TABLE_OFFSET_64);
    convert(systemTable + EfiSystemTable.RUNTIME_SERVICES_OFFSET_64);
    updateCrc32(systemTable, EfiSystemTable.SIZE_64_BYTES);
  }

  private void convert(long pointer) {
    memory.putLong(pointer, map.converted(memory.getLong(pointer)));
  }

  private void updateCrc32(long header, int sizeBytes) {
    memory.putInt(header + RuntimeServicesTable.CRC32_OFFSET, 0);
    memory.read(header, tableSegment, 0, sizeBytes);
    crc.reset();
    crc.update(table, 0, sizeBytes);
    memory.putInt(header + RuntimeServicesTable.CRC32_OFFSET, (int) crc.getValue());
  }
}

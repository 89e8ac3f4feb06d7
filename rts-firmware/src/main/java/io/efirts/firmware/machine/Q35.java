// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.machine;

import static io.efirts.api.spec.MemoryType.ACPI_MEMORY_NVS;
import static io.efirts.api.spec.MemoryType.ACPI_RECLAIM_MEMORY;
import static io.efirts.api.spec.MemoryType.BOOT_SERVICES_CODE;
import static io.efirts.api.spec.MemoryType.BOOT_SERVICES_DATA;
import static io.efirts.api.spec.MemoryType.CONVENTIONAL_MEMORY;
import static io.efirts.api.spec.MemoryType.LOADER_CODE;
import static io.efirts.api.spec.MemoryType.LOADER_DATA;
import static io.efirts.api.spec.MemoryType.RUNTIME_SERVICES_CODE;
import static io.efirts.api.spec.MemoryType.RUNTIME_SERVICES_DATA;

import io.efirts.api.map.MemoryMap;
import io.efirts.api.spec.MemoryAttributes;
import java.util.List;

/**
 * QEMU's q35 machine with 256 MiB and OVMF with 4 MiB of flash: the runtime regions are where OVMF
 * 2022.11 has them. All runtime images are in one region.
 */
final class Q35 {
  static final PageRange ARENA = new PageRange(0x0800_0000, 4096);

  private static final FirmwareImage VARIABLES = new FirmwareImage(0x0F5E_C000, 1, 79, 16);
  private static final FirmwareImage TIME = new FirmwareImage(0x0F64_C000, 1, 23, 8);
  private static final FirmwareImage FLASH_DRIVER = new FirmwareImage(0x0F66_C000, 1, 23, 8);
  private static final FirmwareImage CAPSULES = new FirmwareImage(0x0F68_C000, 1, 55, 8);
  private static final FirmwareImage STATUS_CODES = new FirmwareImage(0x0F6C_C000, 1, 23, 8);
  private static final PageRange FLASH = new PageRange(0xFFC0_0000L, 1024);

  static final FirmwarePlacement PLACEMENT =
      new FirmwarePlacement(
          VARIABLES,
          TIME,
          FLASH_DRIVER,
          new PageRange(0x0F4E_C000, 256),
          new PageRange(0x0EAA_0000, 258),
          FLASH,
          null,
          new PageRange(0x0FEF_4000, 132));

  private Q35() {}

  /** What is loaded at runtime, in physical order. */
  static List<FirmwareImage> images() {
    return List.of(VARIABLES, TIME, FLASH_DRIVER, CAPSULES, STATUS_CODES);
  }

  static MemoryMap map() {
    return new MapWriter()
        .ram(BOOT_SERVICES_CODE, 0x1000)
        .ram(CONVENTIONAL_MEMORY, 0xA_0000)
        .from(0x10_0000)
        .ram(CONVENTIONAL_MEMORY, 0x80_0000)
        .ram(ACPI_MEMORY_NVS, 0x80_8000)
        .ram(CONVENTIONAL_MEMORY, 0x81_0000)
        .ram(ACPI_MEMORY_NVS, 0x90_0000)
        .ram(BOOT_SERVICES_DATA, 0x180_0000)
        .ram(CONVENTIONAL_MEMORY, 0x800_0000)
        .reserved(0x900_0000)
        .ram(CONVENTIONAL_MEMORY, 0xE00_0000)
        .ram(LOADER_DATA, 0xE20_0000)
        .ram(LOADER_CODE, 0xE24_0000)
        .ram(BOOT_SERVICES_DATA, 0xEAA_0000)
        .runtime(RUNTIME_SERVICES_DATA, 0xEBA_2000)
        .ram(BOOT_SERVICES_DATA, 0xF2E_C000)
        .ram(BOOT_SERVICES_CODE, 0xF4E_C000)
        .runtime(RUNTIME_SERVICES_DATA, 0xF5E_C000)
        .runtime(RUNTIME_SERVICES_CODE, 0xF6E_C000)
        .reserved(0xF76_C000)
        .ram(ACPI_RECLAIM_MEMORY, 0xF77_E000)
        .ram(ACPI_MEMORY_NVS, 0xF7F_E000)
        .ram(BOOT_SERVICES_DATA, 0xFE0_0000)
        .ram(CONVENTIONAL_MEMORY, 0xFE7_4000)
        .ram(BOOT_SERVICES_CODE, 0xFE9_4000)
        .ram(BOOT_SERVICES_DATA, 0xFEF_4000)
        .runtime(RUNTIME_SERVICES_DATA, 0xFF7_8000)
        .ram(ACPI_MEMORY_NVS, 0x1000_0000)
        .from(0xB000_0000L)
        .reserved(0xC000_0000L)
        .registers(FLASH, MemoryAttributes.UC)
        .map();
  }
}

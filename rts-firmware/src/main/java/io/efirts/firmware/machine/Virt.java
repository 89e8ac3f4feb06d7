// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.machine;

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
 * QEMU's virt machine with 256 MiB and ArmVirt: the runtime regions are where AAVMF 2022.11 has
 * them, one for each driver, as AAVMF was seen to use them. Regions and what they are parted in are
 * multiples of 64 KiB, as hosts with such pages need.
 */
final class Virt {
  static final PageRange ARENA = new PageRange(0x4800_0000, 4096);

  private static final FirmwareImage TIME = new FirmwareImage(0x4C44_0000, 16, 80, 32);
  private static final FirmwareImage VARIABLES = new FirmwareImage(0x4C68_0000, 16, 128, 32);
  private static final FirmwareImage FLASH_DRIVER = new FirmwareImage(0x4FC0_0000, 16, 320, 64);
  private static final PageRange FLASH = new PageRange(0x0400_0000, 16384);
  private static final PageRange CLOCK = new PageRange(0x0901_0000, 1);

  static final FirmwarePlacement PLACEMENT =
      new FirmwarePlacement(
          VARIABLES,
          TIME,
          FLASH_DRIVER,
          new PageRange(0x4FD9_0000, 592),
          new PageRange(0x4C4C_0000, 448),
          FLASH,
          CLOCK,
          null);

  private Virt() {}

  /** What is loaded at runtime, in physical order. */
  static List<FirmwareImage> images() {
    return List.of(TIME, VARIABLES, FLASH_DRIVER);
  }

  static MemoryMap map() {
    return new MapWriter()
        .registers(FLASH, MemoryAttributes.WC)
        .registers(CLOCK, MemoryAttributes.UC)
        .from(0x4000_0000)
        .ram(CONVENTIONAL_MEMORY, 0x4800_0000)
        .reserved(0x4900_0000)
        .ram(CONVENTIONAL_MEMORY, 0x4B00_0000)
        .ram(LOADER_DATA, 0x4B40_0000)
        .ram(LOADER_CODE, 0x4B44_0000)
        .ram(BOOT_SERVICES_DATA, 0x4C44_0000)
        .runtime(RUNTIME_SERVICES_CODE, 0x4C4C_0000)
        .runtime(RUNTIME_SERVICES_DATA, 0x4C68_0000)
        .runtime(RUNTIME_SERVICES_CODE, 0x4C73_0000)
        .ram(BOOT_SERVICES_CODE, 0x4C80_0000)
        .ram(ACPI_RECLAIM_MEMORY, 0x4C81_0000)
        .ram(BOOT_SERVICES_DATA, 0x4FC0_0000)
        .runtime(RUNTIME_SERVICES_CODE, 0x4FD9_0000)
        .runtime(RUNTIME_SERVICES_DATA, 0x4FFE_0000)
        .ram(CONVENTIONAL_MEMORY, 0x5000_0000)
        .map();
  }
}

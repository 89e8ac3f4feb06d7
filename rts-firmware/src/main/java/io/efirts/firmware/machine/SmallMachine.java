// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.machine;

import static io.efirts.api.spec.MemoryType.CONVENTIONAL_MEMORY;
import static io.efirts.api.spec.MemoryType.RUNTIME_SERVICES_CODE;
import static io.efirts.api.spec.MemoryType.RUNTIME_SERVICES_DATA;

import io.efirts.api.map.MemoryMap;
import io.efirts.api.spec.MemoryAttributes;
import java.util.List;

/** No machine there is: room for OVMF's smallest variable volume and little more. */
final class SmallMachine {
  static final PageRange ARENA = new PageRange(0x106_0000, 16);

  private static final FirmwareImage VARIABLES = new FirmwareImage(0x100_0000, 1, 1, 1);
  private static final FirmwareImage TIME = new FirmwareImage(0x100_3000, 1, 1, 1);
  private static final FirmwareImage FLASH_DRIVER = new FirmwareImage(0x100_6000, 1, 1, 1);
  private static final PageRange FLASH = new PageRange(0xFFFE_0000L, 32);
  private static final PageRange CLOCK = new PageRange(0xFED0_0000L, 1);

  static final FirmwarePlacement PLACEMENT =
      new FirmwarePlacement(
          VARIABLES,
          TIME,
          FLASH_DRIVER,
          new PageRange(0x101_0000, 32),
          new PageRange(0x103_0000, 32),
          FLASH,
          CLOCK,
          null);

  private SmallMachine() {}

  /** What is loaded at runtime, in physical order. */
  static List<FirmwareImage> images() {
    return List.of(VARIABLES, TIME, FLASH_DRIVER);
  }

  static MemoryMap map() {
    return new MapWriter()
        .ram(CONVENTIONAL_MEMORY, 0x100_0000)
        .runtime(RUNTIME_SERVICES_CODE, 0x100_9000)
        .ram(CONVENTIONAL_MEMORY, 0x101_0000)
        .runtime(RUNTIME_SERVICES_DATA, 0x103_0000)
        .runtime(RUNTIME_SERVICES_DATA, 0x105_0000)
        .ram(CONVENTIONAL_MEMORY, 0x106_0000)
        .reserved(0x107_0000)
        .registers(CLOCK, MemoryAttributes.UC)
        .registers(FLASH, MemoryAttributes.UC)
        .map();
  }
}

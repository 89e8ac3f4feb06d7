// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.placed;

import io.efirts.api.memory.Access;
import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.spec.RuntimeService;
import io.efirts.firmware.machine.FirmwareImage;
import io.efirts.firmware.machine.FirmwarePlacement;

/**
 * The addresses that are in the firmware's code and not in its data: where its services are
 * entered, and what its instructions refer to. Physical, until SetVirtualAddressMap relocates the
 * code.
 *
 * <p>Changed once, by the thread inside SetVirtualAddressMap; read by whoever calls, after a crash
 * too. Allocates nothing but faults.
 */
final class FirmwareAddresses {
  /** Where the flash driver writes; below lie the services' entries, in the order of the table. */
  static final int FLASH_DRIVER = RuntimeService.COUNT;

  /** The globals. */
  static final int GLOBALS = FLASH_DRIVER + 1;

  /** The data of the time driver. */
  static final int TIME_DATA = GLOBALS + 1;

  /** The flash registers, for the crash entry, which reads no globals. */
  static final int FLASH = TIME_DATA + 1;

  private static final int COUNT = FLASH + 1;
  private static final int FIRST_ENTRY_OFFSET = 0x400;
  private static final int ENTRY_BYTES = 0x40;

  private final long[] physical = new long[COUNT];
  private final long[] virtual = new long[COUNT];
  private volatile long[] current = physical;

  FirmwareAddresses(FirmwarePlacement placement) {
    for (int i = 0; i < RuntimeService.COUNT; i++) {
      FirmwareImage image =
          switch (RuntimeService.of(i)) {
            case GET_TIME, SET_TIME, GET_WAKEUP_TIME, SET_WAKEUP_TIME -> placement.timeDriver();
            default -> placement.variableDriver();
          };
      physical[i] = image.codeStart() + FIRST_ENTRY_OFFSET + (long) i * ENTRY_BYTES;
    }
    physical[FLASH_DRIVER] = placement.flashDriver().codeStart() + FIRST_ENTRY_OFFSET;
    physical[GLOBALS] = placement.globals().physicalStart();
    physical[TIME_DATA] = placement.timeDriver().dataStart();
    physical[FLASH] = placement.flash().physicalStart();
  }

  /** An address as it is now. */
  long current(int which) {
    return current[which];
  }

  /** An address as it was at first. */
  long physical(int which) {
    return physical[which];
  }

  /** Goes to code; it must be there. */
  void fetch(AddressSpaceView memory, int which) {
    long address = current[which];
    if (memory.physicalAddress(address, Access.EXECUTE) != physical[which]) {
      throw new FirmwareFault(FaultKind.NO_MEMORY, address, Access.EXECUTE, /* detail= */ 0);
    }
  }

  /** Relocates the code: all at once, so that no call finds a part of the old addresses. */
  void relocate(PointerMap map) {
    for (int i = 0; i < COUNT; i++) {
      virtual[i] = map.converted(physical[i]);
    }
    current = virtual;
  }
}

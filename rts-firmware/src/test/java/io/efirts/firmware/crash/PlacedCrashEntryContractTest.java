// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.crash;

import io.efirts.api.call.CallMemory;
import io.efirts.api.flat.FlatFirmwareContext;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.api.spi.NvStorage;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.machine.ReferenceMachine;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvImageException;
import io.efirts.firmware.store.NvLayout;
import io.efirts.testkit.FirmwareCaller;
import io.efirts.testkit.VariableContract;
import java.util.List;

/** Through its crash entry a firmware in guest memory keeps what UEFI promises about variables. */
class PlacedCrashEntryContractTest extends VariableContract {
  private NvStorage storage;

  @Override
  public FirmwareInstance newMachine() {
    storage = NvImage.inMemory(NvLayout.OVMF_4M).storage();
    return crashed();
  }

  @Override
  public FirmwareInstance afterColdReset() {
    return crashed();
  }

  private FirmwareInstance crashed() {
    ReferenceMachine machine = ReferenceMachine.q35();
    MemoryRegion items =
        new MemoryRegion(
            FlatFirmwareContext.DEFAULT_CALL_MEMORY_BASE,
            CallMemory.allocate(FirmwareCaller.CALL_MEMORY_BYTES));
    try {
      ReferenceFirmware firmware =
          ReferenceFirmware.builder(NvImage.of(storage)).placement(machine).build();
      return new FirmwareInstance(
          firmware.crashEntry()::call, machine.flatContext(items, List.of()));
    } catch (NvImageException e) {
      throw new AssertionError("a store of our own must be readable", e);
    }
  }
}

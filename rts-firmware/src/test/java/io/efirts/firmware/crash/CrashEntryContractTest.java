// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.crash;

import io.efirts.api.flat.FlatFirmwareContext;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.api.spi.NvStorage;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvImageException;
import io.efirts.firmware.store.NvLayout;
import io.efirts.testkit.FirmwareCaller;
import io.efirts.testkit.VariableContract;

/** Through its crash entry the reference firmware keeps what UEFI promises about variables. */
class CrashEntryContractTest extends VariableContract {
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
    try {
      ReferenceFirmware firmware = ReferenceFirmware.builder(NvImage.of(storage)).build();
      return new FirmwareInstance(
          firmware.crashEntry()::call, new FlatFirmwareContext(FirmwareCaller.CALL_MEMORY_BYTES));
    } catch (NvImageException e) {
      throw new AssertionError("a store of our own must be readable", e);
    }
  }
}

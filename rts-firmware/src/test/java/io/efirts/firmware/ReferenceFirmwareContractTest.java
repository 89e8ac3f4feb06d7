// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware;

import io.efirts.api.flat.FlatFirmwareContext;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.api.spi.NvStorage;
import io.efirts.firmware.platform.RealTimeClock;
import io.efirts.firmware.platform.SystemRealTimeClock;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvImageException;
import io.efirts.firmware.store.NvLayout;
import io.efirts.testkit.FirmwareCaller;
import io.efirts.testkit.FirmwareContract;

/** The reference firmware keeps what UEFI promises; its store and its clock survive a reset. */
class ReferenceFirmwareContractTest extends FirmwareContract {
  private NvStorage storage;
  private RealTimeClock clock;

  @Override
  public FirmwareInstance newMachine() {
    storage = NvImage.inMemory(NvLayout.OVMF_4M).storage();
    clock = new SystemRealTimeClock();
    return switchedOn();
  }

  @Override
  public FirmwareInstance afterColdReset() {
    return switchedOn();
  }

  private FirmwareInstance switchedOn() {
    try {
      return new FirmwareInstance(
          ReferenceFirmware.builder(NvImage.of(storage)).clock(clock).build(),
          new FlatFirmwareContext(FirmwareCaller.CALL_MEMORY_BYTES));
    } catch (NvImageException e) {
      throw new AssertionError("a store of our own must be readable", e);
    }
  }
}

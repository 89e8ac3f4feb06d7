// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware;

import io.efirts.api.call.CallMemory;
import io.efirts.api.flat.FlatFirmwareContext;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.api.spi.NvStorage;
import io.efirts.firmware.machine.ReferenceMachine;
import io.efirts.firmware.platform.RealTimeClock;
import io.efirts.firmware.platform.SystemRealTimeClock;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvImageException;
import io.efirts.firmware.store.NvLayout;
import io.efirts.testkit.FirmwareCaller;
import io.efirts.testkit.FirmwareContract;
import java.util.List;

/** In guest memory the reference firmware keeps the same promises. */
class PlacedFirmwareContractTest extends FirmwareContract {
  private NvStorage storage;
  private RealTimeClock clock;

  @Override
  public FirmwareInstance newMachine() {
    storage = NvImage.inMemory(NvLayout.ARM_VIRT).storage();
    clock = new SystemRealTimeClock();
    return switchedOn();
  }

  @Override
  public FirmwareInstance afterColdReset() {
    return switchedOn();
  }

  private FirmwareInstance switchedOn() {
    ReferenceMachine machine = ReferenceMachine.virt();
    MemoryRegion items =
        new MemoryRegion(
            FlatFirmwareContext.DEFAULT_CALL_MEMORY_BASE,
            CallMemory.allocate(FirmwareCaller.CALL_MEMORY_BYTES));
    try {
      return new FirmwareInstance(
          ReferenceFirmware.builder(NvImage.of(storage)).clock(clock).placement(machine).build(),
          machine.flatContext(items, List.of()));
    } catch (NvImageException e) {
      throw new AssertionError("a store of our own must be readable", e);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.placed;

import io.efirts.api.memory.Access;
import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.firmware.platform.RealTimeClock;

/**
 * A clock behind registers in guest memory. The pointer to them lies in the data of the time
 * driver, so that the time can be told without the globals.
 */
final class PlacedClock implements RealTimeClock {
  private final RealTimeClock clock;
  private final FirmwareAddresses addresses;
  private final long physicalRegisters;
  private AddressSpaceView memory;

  PlacedClock(RealTimeClock clock, FirmwareAddresses addresses, long physicalRegisters) {
    this.clock = clock;
    this.addresses = addresses;
    this.physicalRegisters = physicalRegisters;
  }

  /** Begins a call. */
  void open(AddressSpaceView memory) {
    this.memory = memory;
  }

  @Override
  public long epochSecond() {
    reachRegisters(Access.READ);
    return clock.epochSecond();
  }

  @Override
  public void setEpochSecond(long epochSecond) {
    reachRegisters(Access.WRITE);
    clock.setEpochSecond(epochSecond);
  }

  private void reachRegisters(Access access) {
    long registers = memory.getLong(addresses.current(FirmwareAddresses.TIME_DATA));
    if (memory.physicalAddress(registers, access) != physicalRegisters) {
      throw new FirmwareFault(FaultKind.NO_MEMORY, registers, access, /* detail= */ 0);
    }
  }
}

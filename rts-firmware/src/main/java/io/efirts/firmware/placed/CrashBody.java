// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.placed;

import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.NvStorage;
import io.efirts.firmware.machine.FirmwarePlacement;
import io.efirts.firmware.platform.RealTimeClock;

/**
 * A firmware in guest memory as its crash entry reaches it: its code and its registers. Globals and
 * mirror belong to the interrupted call and are not touched; variables are read from the flash.
 *
 * <p>One caller at a time. A call allocates nothing but faults.
 */
public final class CrashBody {
  private final FirmwarePlacement placement;
  private final FirmwareAddresses addresses;
  private final int volumeBytes;

  /** Null until {@link #flash}. */
  private PlacedFlash flash;

  /** Null if there is none, or it has no registers in guest memory. */
  private PlacedClock clock;

  CrashBody(FirmwarePlacement placement, FirmwareAddresses addresses, int volumeBytes) {
    this.placement = placement;
    this.addresses = addresses;
    this.volumeBytes = volumeBytes;
  }

  /**
   * Puts the flash behind its registers.
   *
   * @param lease the crash's way to the flash
   * @return storage that is read and written there
   */
  public NvStorage flash(NvStorage lease) {
    flash =
        new PlacedFlash(
            lease,
            volumeBytes,
            addresses,
            new PageWindow(placement.flash().physicalStart(), volumeBytes));
    return flash;
  }

  /**
   * Puts the clock behind the registers the machine has for one.
   *
   * @param hardware the clock
   * @return the same clock if the machine has it behind I/O ports
   */
  public RealTimeClock clock(RealTimeClock hardware) {
    if (placement.clock() == null) {
      return hardware;
    }
    clock = new PlacedClock(hardware, addresses, placement.clock().physicalStart());
    return clock;
  }

  /**
   * Goes to the code of a service, and finds what the service works with.
   *
   * @param service what is called
   * @param memory the caller's memory
   */
  public void enter(RuntimeService service, AddressSpaceView memory) {
    addresses.fetch(memory, service.ordinal());
    flash.open(memory, addresses.current(FirmwareAddresses.FLASH));
    if (clock != null) {
      clock.open(memory);
    }
  }
}

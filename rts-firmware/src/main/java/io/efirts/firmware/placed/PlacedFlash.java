// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.placed;

import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.spi.NvStorage;
import java.lang.foreign.MemorySegment;

/**
 * The flash device behind its registers in guest memory: each change goes through the code of the
 * flash driver, then to the registers. Nothing is changed if one of them cannot be reached.
 */
final class PlacedFlash implements WindowedStorage {
  private final NvStorage flash;
  private final MemorySegment content;
  private final FirmwareAddresses addresses;
  private final PageWindow window;
  private AddressSpaceView memory;

  /**
   * The flash of one caller.
   *
   * @param flash that caller's way to the bytes
   * @param volumeBytes how much of it is the variable volume
   * @param addresses where the driver's code is
   * @param window where the registers are
   */
  PlacedFlash(NvStorage flash, long volumeBytes, FirmwareAddresses addresses, PageWindow window) {
    this.flash = flash;
    this.content = flash.content().asSlice(0, volumeBytes);
    this.addresses = addresses;
    this.window = window;
  }

  /** Begins a call: the registers are at this address of the caller's. */
  void open(AddressSpaceView memory, long address) {
    this.memory = memory;
    window.open(memory, address);
  }

  @Override
  public PageWindow window() {
    return window;
  }

  @Override
  public long sizeBytes() {
    return content.byteSize();
  }

  @Override
  public MemorySegment content() {
    return content;
  }

  @Override
  public boolean readOnly() {
    return flash.readOnly();
  }

  @Override
  public void write(long offset, MemorySegment source, long sourceOffset, long lengthBytes) {
    drive(offset, lengthBytes);
    flash.write(offset, source, sourceOffset, lengthBytes);
  }

  @Override
  public boolean compareAndSetWord(long offset, int expected, int replacement) {
    drive(offset, Integer.BYTES);
    return flash.compareAndSetWord(offset, expected, replacement);
  }

  @Override
  public void force(long offset, long lengthBytes) {
    flash.force(offset, lengthBytes);
  }

  private void drive(long offset, long lengthBytes) {
    addresses.fetch(memory, FirmwareAddresses.FLASH_DRIVER);
    window.write(offset, lengthBytes);
  }
}

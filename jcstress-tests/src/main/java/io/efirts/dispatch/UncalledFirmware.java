// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import io.efirts.api.call.CallMemory;
import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.spi.FirmwareContext;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.stress.CountingFirmware;
import java.lang.foreign.MemorySegment;

/** A context that lends the same memory to everybody: for tests that never call the firmware. */
final class UncalledFirmware implements FirmwareContext {
  static final FirmwareInstance INSTANCE =
      new FirmwareInstance(new CountingFirmware(), new UncalledFirmware());

  private static final int BYTES = 1 << 16;
  private static final CallMemory MEMORY =
      new CallMemory(MemorySegment.ofArray(new long[BYTES / 8]), 0, new PhysicalAddress(0));

  private final CountingFirmware context = new CountingFirmware();

  @Override
  public CallMemory callMemory(long lengthBytes) {
    return MEMORY;
  }

  @Override
  public AddressSpaceView memory() {
    return context.memory();
  }

  @Override
  public SaveArea newSaveArea() {
    return context.newSaveArea();
  }

  @Override
  public void enter(SaveArea saveArea) {
    context.enter(saveArea);
  }

  @Override
  public int leave(SaveArea saveArea) {
    return context.leave(saveArea);
  }
}

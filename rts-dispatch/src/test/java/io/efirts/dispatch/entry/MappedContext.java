// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.entry;

import io.efirts.api.call.CallMemory;
import io.efirts.api.flat.FlatFirmwareContext;
import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spi.FirmwareContext;

/** A flat context that has a memory map of one descriptor, or none. */
final class MappedContext implements FirmwareContext {
  private final FlatFirmwareContext flat = new FlatFirmwareContext(1 << 20);
  private final EfiMemoryDescriptor known;

  MappedContext(EfiMemoryDescriptor known) {
    this.known = known;
  }

  @Override
  public CallMemory callMemory(long lengthBytes) {
    return flat.callMemory(lengthBytes);
  }

  @Override
  public AddressSpaceView memory() {
    return flat.memory();
  }

  @Override
  public SaveArea newSaveArea() {
    return flat.newSaveArea();
  }

  @Override
  public void enter(SaveArea saveArea) {
    flat.enter(saveArea);
  }

  @Override
  public int leave(SaveArea saveArea) {
    return flat.leave(saveArea);
  }

  @Override
  public EfiMemoryDescriptor nearestDescriptor(long address) {
    return known;
  }
}

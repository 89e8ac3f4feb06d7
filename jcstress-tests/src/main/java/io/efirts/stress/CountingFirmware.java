// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.stress;

import io.efirts.api.call.CallFrame;
import io.efirts.api.call.CallMemory;
import io.efirts.api.flat.FlatFirmwareContext;
import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spi.CrashEntry;
import io.efirts.api.spi.Firmware;
import io.efirts.api.spi.FirmwareContext;
import io.efirts.api.spi.FirmwareInstance;

/**
 * A firmware that counts its calls with a plain field, so that two calls at a time lose a step, in
 * a context without an address space of its own.
 */
public final class CountingFirmware implements Firmware, FirmwareContext {
  private static final AddressSpaceView MEMORY = new FlatFirmwareContext(4096).memory();
  private static final SaveArea NOTHING_TO_SAVE = new SaveArea() {};

  private int calls;

  /**
   * Firmware and context in one.
   *
   * @return the instance
   */
  public FirmwareInstance instance() {
    return new FirmwareInstance(this, this);
  }

  /**
   * The same with a crash entry.
   *
   * @return the instance
   */
  public FirmwareInstance instanceWithCrashEntry() {
    return new FirmwareInstance(new Crashing(this), this, new CountingFirmware());
  }

  /**
   * How many calls were counted. For a thread that has the gate, or when all are through.
   *
   * @return the count
   */
  public int calls() {
    return calls;
  }

  @Override
  public long call(CallFrame frame) {
    calls++;
    return EfiStatusCode.NOT_FOUND;
  }

  /** A firmware whose crash entry counts too. */
  private record Crashing(CountingFirmware firmware) implements Firmware {
    @Override
    public long call(CallFrame frame) {
      return firmware.call(frame);
    }

    @Override
    public CrashEntry crashEntry() {
      return firmware::call;
    }
  }

  @Override
  public CallMemory callMemory(long lengthBytes) {
    return new CallMemory(CallMemory.allocate(lengthBytes), 0, new PhysicalAddress(0));
  }

  @Override
  public AddressSpaceView memory() {
    return MEMORY;
  }

  @Override
  public SaveArea newSaveArea() {
    return NOTHING_TO_SAVE;
  }

  @Override
  public void enter(SaveArea saveArea) {}

  @Override
  public int leave(SaveArea saveArea) {
    return 0;
  }
}

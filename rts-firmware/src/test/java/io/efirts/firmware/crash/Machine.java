// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.crash;

import io.efirts.api.spi.NvStorage;
import io.efirts.firmware.FirmwareHarness;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.images.RecordedImages;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvLayout;
import io.efirts.testkit.step.SteppedStorage;
import java.lang.foreign.ValueLayout;
import java.util.Map;

/**
 * A firmware over a storage whose steps can be told, called in the ordinary way and by its crash
 * entry.
 *
 * @param storage the steps
 * @param image what the firmware keeps its variables in
 * @param owner makes ordinary calls
 * @param crash makes calls through the crash entry
 */
record Machine(
    SteppedStorage storage, NvImage image, FirmwareHarness owner, FirmwareHarness crash) {

  /** With variable V of the value 1. */
  static Machine withOneVariable() throws Exception {
    Machine machine = over(NvImage.inMemory(NvLayout.OVMF_2M).storage());
    machine.owner.set("V", Deed.GUID, 7, (byte) 1);
    return machine;
  }

  static Machine over(NvStorage bytes) throws Exception {
    SteppedStorage storage = new SteppedStorage(bytes);
    return of(storage, NvImage.of(storage));
  }

  private static Machine of(SteppedStorage storage, NvImage image) {
    ReferenceFirmware firmware = ReferenceFirmware.builder(image).build();
    return new Machine(
        storage,
        image,
        new FirmwareHarness(firmware),
        new FirmwareHarness(firmware.crashEntry()::call));
  }

  /** The next firmware on the same image. */
  Machine successor() throws Exception {
    return of(storage, image.takeOver());
  }

  /** What is in the bytes, for somebody who opens and validates them. */
  Map<String, String> reopened() throws Exception {
    byte[] bytes = storage.content().toArray(ValueLayout.JAVA_BYTE);
    NvStorage copy = RecordedImages.storage(bytes);
    return new FirmwareHarness(ReferenceFirmware.builder(NvImage.of(copy)).build()).variables();
  }
}

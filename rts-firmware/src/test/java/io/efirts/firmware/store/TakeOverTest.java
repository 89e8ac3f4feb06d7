// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spi.StorageException;
import io.efirts.firmware.FirmwareHarness;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.crash.Deed;
import io.efirts.firmware.crash.StoppedCall;
import io.efirts.firmware.storage.MemoryStorage;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.step.Occurrence;
import io.efirts.testkit.step.SteppedStorage;
import io.efirts.testkit.step.StorageStep;
import io.efirts.testkit.step.StorageStop;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * I-28: a firmware whose storage was taken over cannot change it, wherever its thread was stopped
 * and however late it goes on.
 */
@Timeout(120)
class TakeOverTest {
  @Test
  void aStoppedOwnerChangesNothingAnyMore() throws Exception {
    int stops = 0;
    for (Deed stopped : List.of(Deed.REPLACE, Deed.CREATE, Deed.DELETE)) {
      for (Deed successors : Deed.values()) {
        for (StorageStep step : StorageStep.values()) {
          int number = 1;
          while (takesOverAt(stopped, successors, step, number)) {
            number++;
          }
          stops += number - 1;
        }
      }
    }
    assertTrue(stops > 150, "the owner must be stopped at each of its steps: stops=" + stops);
  }

  /** False if the owner ended before it came to that step. */
  private static boolean takesOverAt(Deed stopped, Deed successors, StorageStep step, int number)
      throws Exception {
    String where = stopped + " at " + step + " " + number + ", then " + successors;
    SteppedStorage storage = new SteppedStorage(NvImage.inMemory(NvLayout.OVMF_2M).storage());
    NvImage image = NvImage.of(storage);
    FirmwareHarness owner = new FirmwareHarness(ReferenceFirmware.builder(image).build());
    owner.set("V", Deed.GUID, 7, (byte) 1);
    Map<String, String> untouched = owner.variables();
    try (StoppedCall call = StoppedCall.at(storage, step, number, () -> stopped.done(owner, 2))) {
      if (call == null) {
        return false;
      }
      NvImage taken = image.takeOver();
      FirmwareHarness successor = new FirmwareHarness(ReferenceFirmware.builder(taken).build());
      Map<String, String> found = successor.variables();
      // All of the owner's deed, or nothing.
      assertTrue(
          List.of(untouched, stopped.on(untouched, 2)).contains(found), where + ": found " + found);
      successors.done(successor, 3);
      Map<String, String> before = successor.variables();
      call.goOn();

      assertEquals(before, successor.variables(), where);
      FirmwareHarness reopened =
          new FirmwareHarness(ReferenceFirmware.builder(NvImage.of(storage)).build());
      assertEquals(before, reopened.variables(), where);
      assertEquals(EfiStatus.SUCCESS, EfiStatus.of(successor.set("After", Deed.GUID, 7, (byte) 4)));
    }
    return true;
  }

  @Test
  void anOwnerThatIsToldNothingIsRefusedWithItsNextChange() throws Exception {
    NvImage image = NvImage.inMemory(NvLayout.OVMF_2M);
    FirmwareHarness owner = new FirmwareHarness(ReferenceFirmware.builder(image).build());
    owner.set("V", Deed.GUID, 7, (byte) 1);
    byte[] before = image.storage().content().toArray(ValueLayout.JAVA_BYTE);
    image.takeOver();
    for (Deed deed : Deed.values()) {
      deed.done(owner, 2);
    }
    assertEquals(
        EfiStatus.DEVICE_ERROR, EfiStatus.of(owner.set("V", Deed.GUID, 7, (byte) 2, (byte) 2)));
    assertEquals(
        -1,
        MemorySegment.ofArray(before).mismatch(image.storage().content()),
        "a takeover in quiet changes no byte");
  }

  @Test
  void anImageIsNotTakenOverWhileItIsFormatted() throws Exception {
    SteppedStorage storage =
        new SteppedStorage(MemoryStorage.allocate(NvLayout.OVMF_2M.fvLength()));
    NvImage image = NvImage.of(storage);
    FirmwareHarness owner = new FirmwareHarness(ReferenceFirmware.builder(image).build());
    try (StorageStop stop =
        storage.add(new StorageStop(Occurrence.nth(StorageStep.BEFORE_WRITE, 3)))) {
      CallerThread<Long> call = CallerThread.start(() -> owner.set("V", Deed.GUID, 7, (byte) 1));
      stop.awaitStopped();
      assertEquals(
          "an image must not be taken over while it is formatted",
          assertThrows(StorageException.class, image::takeOver).getMessage());
      stop.release();
      assertEquals(EfiStatus.DEVICE_ERROR, EfiStatus.of(call.result()));
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spi.StorageException;
import io.efirts.firmware.FirmwareHarness;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.storage.MemoryStorage;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.step.Occurrence;
import io.efirts.testkit.step.SteppedStorage;
import io.efirts.testkit.step.StorageStep;
import io.efirts.testkit.step.StorageStop;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * I-28: a firmware whose storage was taken over cannot change it, wherever its thread was stopped
 * and however late it goes on.
 */
@Timeout(120)
class TakeOverTest {
  private static final EfiGuid GUID = EfiGuid.of("6f1d3bd4-6a53-4d2c-9d62-6d0a3c8b7a10");

  /** What a firmware does with a variable "V" of the value 1. */
  private enum Deed {
    NOTHING,
    REPLACE,
    CREATE_ANOTHER,
    DELETE;

    void done(FirmwareHarness firmware, byte mark) {
      switch (this) {
        case NOTHING -> {}
        case REPLACE -> firmware.set("V", GUID, 7, mark, mark, mark);
        case CREATE_ANOTHER -> firmware.set("W", GUID, 7, mark, mark);
        case DELETE -> firmware.set("V", GUID, 7);
      }
    }
  }

  @Test
  void aStoppedOwnerChangesNothingAnyMore() throws Exception {
    int stops = 0;
    for (Deed stopped : List.of(Deed.REPLACE, Deed.CREATE_ANOTHER, Deed.DELETE)) {
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
    owner.set("V", GUID, 7, (byte) 1);
    try (StorageStop stop = storage.add(new StorageStop(Occurrence.nth(step, number)))) {
      CallerThread<Boolean> call =
          CallerThread.start(
              () -> {
                stopped.done(owner, (byte) 2);
                return true;
              });
      while (!stop.reached() && call.thread().isAlive()) {
        Thread.onSpinWait();
      }
      if (!stop.reached()) {
        call.result();
        return false;
      }
      stop.awaitStopped();

      NvImage taken = image.takeOver();
      FirmwareHarness successor = new FirmwareHarness(ReferenceFirmware.builder(taken).build());
      String found = variables(successor);
      successors.done(successor, (byte) 3);
      String before = variables(successor);
      stop.release();
      call.result();

      assertEquals(before, variables(successor), where);
      FirmwareHarness reopened =
          new FirmwareHarness(ReferenceFirmware.builder(NvImage.of(storage)).build());
      assertEquals(before, variables(reopened), where);
      assertTrue(possible(stopped).contains(found), where + ": found " + found);
      assertEquals(EfiStatus.SUCCESS, EfiStatus.of(successor.set("After", GUID, 7, (byte) 4)));
    }
    return true;
  }

  /** What a successor may find: all of the owner's deed, or nothing. */
  private static List<String> possible(Deed stopped) {
    String untouched = "V=[1] W=";
    return switch (stopped) {
      case NOTHING -> List.of(untouched);
      case REPLACE -> List.of(untouched, "V=[2, 2, 2] W=");
      case CREATE_ANOTHER -> List.of(untouched, "V=[1] W=[2, 2]");
      case DELETE -> List.of(untouched, "V= W=");
    };
  }

  private static String variables(FirmwareHarness firmware) {
    List<String> values = new ArrayList<>();
    for (String name : List.of("V", "W")) {
      boolean there = firmware.get(name, GUID) == 0;
      values.add(name + "=" + (there ? Arrays.toString(firmware.data()) : ""));
    }
    return String.join(" ", values);
  }

  @Test
  void anOwnerThatIsToldNothingIsRefusedWithItsNextChange() throws Exception {
    NvImage image = NvImage.inMemory(NvLayout.OVMF_2M);
    FirmwareHarness owner = new FirmwareHarness(ReferenceFirmware.builder(image).build());
    owner.set("V", GUID, 7, (byte) 1);
    byte[] before = image.storage().content().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
    image.takeOver();
    for (Deed deed : Deed.values()) {
      deed.done(owner, (byte) 2);
    }
    assertEquals(EfiStatus.DEVICE_ERROR, EfiStatus.of(owner.set("V", GUID, 7, (byte) 2, (byte) 2)));
    assertEquals(
        -1,
        java.lang.foreign.MemorySegment.ofArray(before).mismatch(image.storage().content()),
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
      CallerThread<Long> call = CallerThread.start(() -> owner.set("V", GUID, 7, (byte) 1));
      stop.awaitStopped();
      assertEquals(
          "an image must not be taken over while it is formatted",
          assertThrows(StorageException.class, image::takeOver).getMessage());
      stop.release();
      assertEquals(EfiStatus.DEVICE_ERROR, EfiStatus.of(call.result()));
    }
  }
}

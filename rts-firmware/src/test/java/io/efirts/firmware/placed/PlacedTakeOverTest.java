// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.placed;

import static io.efirts.firmware.EfiStatusAssert.assertStatus;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.spec.EfiStatus;
import io.efirts.firmware.FirmwareHarness;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.crash.Deed;
import io.efirts.firmware.crash.StoppedCall;
import io.efirts.firmware.machine.ReferenceMachine;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvLayout;
import io.efirts.testkit.step.SteppedStorage;
import io.efirts.testkit.step.StorageStep;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * I-28 with the firmware in guest memory: a thread is stopped at each step of a change, the next
 * firmware takes the image over in a machine of its own, or the crash entry does beside the stopped
 * thread; what the thread does when it goes on reaches neither the flash nor the other's memory.
 */
@Timeout(120)
class PlacedTakeOverTest {
  private static final int OWNER = 2;
  private static final int NEXT = 3;

  @ParameterizedTest
  @EnumSource(names = "NOTHING", mode = EnumSource.Mode.EXCLUDE)
  void theSuccessorHasMemoryOfItsOwn(Deed deed) throws Exception {
    assertAtEachStep(deed, true);
  }

  @ParameterizedTest
  @EnumSource(names = "NOTHING", mode = EnumSource.Mode.EXCLUDE)
  void theCrashEntryWorksBesideAStoppedThread(Deed deed) throws Exception {
    assertAtEachStep(deed, false);
  }

  private static void assertAtEachStep(Deed deed, boolean successor) throws Exception {
    int stops = 0;
    for (StorageStep step : StorageStep.values()) {
      int number = 1;
      while (successor ? succeedsAt(deed, step, number) : crashesAt(deed, step, number)) {
        number++;
      }
      stops += number - 1;
    }
    assertTrue(stops > 3, "the thread must be stopped at its steps: stops=" + stops);
  }

  /** False if the owner ended before it came to that step. */
  private static boolean succeedsAt(Deed deed, StorageStep step, int number) throws Exception {
    SteppedStorage storage = storage();
    PlacedGuest owner = new PlacedGuest(ReferenceMachine.small(), NvImage.of(storage));
    Map<String, String> before = owner.guest.variables();
    try (StoppedCall call =
        StoppedCall.at(storage, step, number, () -> deed.done(owner.guest, OWNER))) {
      if (call == null) {
        return false;
      }
      PlacedGuest next = new PlacedGuest(ReferenceMachine.small(), owner.image.takeOver());
      Map<String, String> found = next.guest.variables();
      assertStatus(EfiStatus.SUCCESS, Deed.CREATE.done(next.guest, NEXT));
      Map<String, String> wanted = Deed.CREATE.on(found, NEXT);
      assertEquals(wanted, next.guest.variables());
      byte[] globals = next.globals().bytes().toArray(ValueLayout.JAVA_BYTE);
      byte[] mirror = next.mirror().toArray(ValueLayout.JAVA_BYTE);
      assertLate(call.goOn(), deed, before, found);
      // What it still writes into the flash belongs to a record that was given up.
      assertEquals(wanted, reopened(storage));
      assertEquals(-1, MemorySegment.ofArray(mirror).mismatch(next.mirror()));
      assertEquals(-1, MemorySegment.ofArray(globals).mismatch(next.globals().bytes()));
      assertEquals(wanted, next.guest.variables());
      assertStatus(EfiStatus.DEVICE_ERROR, owner.guest.set("Late", Deed.GUID, 7, (byte) 4));
      assertEquals(wanted, next.guest.variables());
    }
    return true;
  }

  private static boolean crashesAt(Deed deed, StorageStep step, int number) throws Exception {
    SteppedStorage storage = storage();
    PlacedGuest owner = new PlacedGuest(ReferenceMachine.small(), NvImage.of(storage));
    try (StoppedCall call =
        StoppedCall.at(storage, step, number, () -> deed.done(owner.guest, OWNER))) {
      if (call == null) {
        return false;
      }
      assertStatus(EfiStatus.SUCCESS, Deed.CREATE.done(owner.crash, NEXT));
      Map<String, String> wanted = owner.crash.variables();
      assertEquals("0303", wanted.get("W"));
      call.goOn();
      assertEquals(wanted, owner.crash.variables());
      assertStatus(EfiStatus.DEVICE_ERROR, owner.guest.set("Late", Deed.GUID, 7, (byte) 4));
      assertEquals(wanted, owner.crash.variables());
    }
    return true;
  }

  private static Map<String, String> reopened(SteppedStorage storage) throws Exception {
    NvImage image = NvImage.of(storage);
    return new FirmwareHarness(ReferenceFirmware.builder(image).build()).variables();
  }

  /** A change that was committed before stays, with V set once more by the successor. */
  private static void assertLate(
      EfiStatus late, Deed deed, Map<String, String> before, Map<String, String> found) {
    boolean committed = late.equals(EfiStatus.SUCCESS);
    assertTrue(committed || late.equals(EfiStatus.DEVICE_ERROR), () -> deed + ": " + late);
    if (committed && deed == Deed.CREATE) {
      assertEquals(deed.on(before, OWNER).get("W"), found.get("W"));
    }
  }

  private static SteppedStorage storage() {
    return new SteppedStorage(NvImage.inMemory(NvLayout.OVMF_2M).storage());
  }
}

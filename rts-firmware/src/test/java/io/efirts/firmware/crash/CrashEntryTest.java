// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.crash;

import static io.efirts.firmware.EfiStatusAssert.assertStatus;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.spec.EfiStatus;
import io.efirts.testkit.step.Occurrence;
import io.efirts.testkit.step.StorageFault;
import io.efirts.testkit.step.StorageStep;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * I-18, I-28: a thread is stopped at each step of the storage inside the ordinary firmware, and the
 * crash entry works; then the thread goes on and changes nothing.
 */
@Timeout(120)
class CrashEntryTest {
  private static final int OWNER = 2;
  private static final int CRASH = 3;

  @Test
  void worksWhereverAThreadWasStopped() throws Exception {
    int stops = 0;
    for (Deed stopped : List.of(Deed.REPLACE, Deed.APPEND, Deed.CREATE, Deed.DELETE)) {
      for (Deed crash : Deed.values()) {
        for (StorageStep step : StorageStep.values()) {
          int number = 1;
          while (worksAt(stopped, crash, step, number, true)
              && worksAt(stopped, crash, step, number, false)) {
            number++;
          }
          stops += number - 1;
        }
      }
    }
    System.out.println("crash entry: stops=" + stops);
    assertTrue(stops > 300, "the owner must be stopped at each of its steps: stops=" + stops);
  }

  /** False if the owner ended before it came to that step. */
  private static boolean worksAt(
      Deed stopped, Deed deed, StorageStep step, int number, boolean dumpsFirst) throws Exception {
    String where = stopped + " at " + step + " " + number + ", then " + deed;
    Machine machine = Machine.withOneVariable();
    Map<String, String> before = machine.owner().variables();
    try (StoppedCall call =
        StoppedCall.at(
            machine.storage(), step, number, () -> stopped.done(machine.owner(), OWNER))) {
      if (call == null) {
        return false;
      }
      Map<String, String> found = machine.reopened();
      Map<String, String> done = stopped.on(before, OWNER);
      assertTrue(found.equals(before) || found.equals(done), where + ": found " + found);

      EfiStatus expected =
          deed == Deed.DELETE && !found.containsKey("V") ? EfiStatus.NOT_FOUND : EfiStatus.SUCCESS;
      assertEquals(expected, EfiStatus.of(deed.done(machine.crash(), CRASH)), where);
      Map<String, String> wanted = deed.on(found, CRASH);
      assertEquals(wanted, machine.crash().variables(), where);
      if (dumpsFirst) {
        dump(machine, wanted);
      }
      EfiStatus late = call.goOn();
      assertTrue(
          late.equals(EfiStatus.DEVICE_ERROR)
              || (late.equals(EfiStatus.SUCCESS) && found.equals(done)),
          where + ": " + late);
      assertEquals(wanted, machine.crash().variables(), where);
      if (!dumpsFirst) {
        dump(machine, wanted);
      }
      assertStatus(EfiStatus.DEVICE_ERROR, machine.owner().set("V", Deed.GUID, 7, (byte) 4));
      assertEquals(wanted, machine.crash().variables(), where);
      assertEquals(wanted, machine.reopened(), where);
      assertWorks(machine.successor(), wanted);
    }
    return true;
  }

  private static void dump(Machine machine, Map<String, String> wanted) {
    assertStatus(EfiStatus.SUCCESS, machine.crash().set("Dump", Deed.GUID, 7, (byte) 9));
    wanted.put("Dump", "09");
  }

  /** After a crash the image can be given to a new firmware. */
  private static void assertWorks(Machine successor, Map<String, String> expected) {
    assertEquals(expected, successor.owner().variables());
    assertStatus(EfiStatus.SUCCESS, successor.owner().set("V", Deed.GUID, 7, (byte) 5));
    assertStatus(EfiStatus.SUCCESS, successor.owner().delete("Dump", Deed.GUID, 7));
  }

  @Test
  void aDeletedVariableStaysDeletedAlthoughItsDeletionWasBeingUndone() throws Exception {
    for (Deed deed : Deed.values()) {
      Machine machine = Machine.withOneVariable();
      machine.storage().add(StorageFault.at(Occurrence.first(StorageStep.BEFORE_FORCE)));
      try (StoppedCall call =
          StoppedCall.at(
              machine.storage(),
              StorageStep.BEFORE_COMPARE_AND_SET,
              2,
              () -> Deed.DELETE.done(machine.owner(), OWNER))) {
        assertEquals(Map.of(), machine.crash().variables(), "as the bytes say");
        deed.done(machine.crash(), CRASH);
        Map<String, String> wanted = deed.on(Map.of(), CRASH);
        assertEquals(EfiStatus.DEVICE_ERROR, call.goOn());
        assertEquals(wanted, machine.crash().variables(), deed.toString());
        assertEquals(wanted, machine.reopened(), deed.toString());
      }
    }
  }
}

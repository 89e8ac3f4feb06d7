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

/** A storage that refuses while the crash entry takes it over, or writes. */
@Timeout(120)
class CrashStorageFaultTest {
  @Test
  void aTakeoverThatFailedIsMadeUpForBeforeTheNextChange() throws Exception {
    Machine machine = Machine.withOneVariable();
    machine.storage().add(StorageFault.at(Occurrence.first(StorageStep.BEFORE_FORCE)));
    Map<String, String> before = machine.owner().variables();
    assertEquals(before, machine.crash().variables(), "can be read");
    assertStatus(EfiStatus.DEVICE_ERROR, Deed.REPLACE.done(machine.owner(), 2));
    assertStatus(EfiStatus.SUCCESS, Deed.REPLACE.done(machine.crash(), 3));
    assertEquals(Deed.REPLACE.on(before, 3), machine.reopened());
  }

  @Test
  void withABrokenDeviceNothingIsChanged() throws Exception {
    Machine machine = Machine.withOneVariable();
    machine.storage().add(StorageFault.from(Occurrence.first(StorageStep.BEFORE_FORCE)));
    Map<String, String> before = machine.owner().variables();
    for (Deed deed : List.of(Deed.REPLACE, Deed.APPEND, Deed.CREATE, Deed.DELETE)) {
      assertStatus(EfiStatus.DEVICE_ERROR, deed.done(machine.crash(), 3));
      assertEquals(before, machine.crash().variables());
      assertEquals(before, machine.reopened());
    }
  }

  /** I-28: wherever the takeover itself fails, a later one still keeps the stopped owner out. */
  @Test
  void aTakeoverThatFailedAnywhereKeepsTheOwnerOutOnceItSucceeds() throws Exception {
    int faults = 0;
    for (Deed stopped : List.of(Deed.REPLACE, Deed.CREATE, Deed.DELETE)) {
      for (StorageStep faulty : StorageStep.values()) {
        int number = 1;
        while (failsAt(stopped, faulty, number)) {
          number++;
        }
        faults += number - 1;
      }
    }
    assertTrue(faults > 30, "the takeover must fail at each of its steps: faults=" + faults);
  }

  /** False if the fault came too late in every call. */
  private static boolean failsAt(Deed stopped, StorageStep faulty, int number) throws Exception {
    boolean reached = false;
    int stop = 1;
    while (true) {
      Machine machine = Machine.withOneVariable();
      try (StoppedCall call =
          StoppedCall.at(
              machine.storage(),
              StorageStep.BEFORE_COMPARE_AND_SET,
              stop++,
              () -> stopped.done(machine.owner(), 2))) {
        if (call == null) {
          return reached;
        }
        Map<String, String> found = machine.reopened();
        long before = machine.storage().count(faulty);
        StorageFault fault = machine.storage().add(StorageFault.at(Occurrence.nth(faulty, number)));
        EfiStatus first = EfiStatus.of(machine.crash().delete("V", Deed.GUID, 7));
        machine.storage().remove(fault);
        reached |= machine.storage().count(faulty) - before >= number;
        Map<String, String> wanted =
            first.equals(EfiStatus.DEVICE_ERROR) ? found : Deed.DELETE.on(found, 3);
        assertEquals(wanted, machine.crash().variables());
        call.goOn();
        assertEquals(wanted, machine.crash().variables(), stopped + ", " + faulty + " " + number);
        assertEquals(wanted, machine.reopened());
        assertStatus(EfiStatus.SUCCESS, Deed.CREATE.done(machine.crash(), 3));
      }
    }
  }
}

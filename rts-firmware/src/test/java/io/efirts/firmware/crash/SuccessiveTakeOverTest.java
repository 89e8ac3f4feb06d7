// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.crash;

import static io.efirts.firmware.EfiStatusAssert.assertStatus;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.spec.EfiStatus;
import io.efirts.testkit.step.StorageStep;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * I-28, twice over: a thread is stopped inside the ordinary firmware, a second one inside its crash
 * entry, and the image goes to a new firmware. Both go on late, in either order.
 */
@Timeout(120)
class SuccessiveTakeOverTest {
  /** The steps in front of a change, which may then come at any time. */
  private static final List<StorageStep> PENDING =
      List.of(StorageStep.BEFORE_COMPARE_AND_SET, StorageStep.BEFORE_WRITE);

  /** Where a thread can be stopped that matters to whoever comes then. */
  private static final List<StorageStep> STEPS =
      List.of(
          StorageStep.BEFORE_COMPARE_AND_SET,
          StorageStep.AFTER_COMPARE_AND_SET,
          StorageStep.BEFORE_WRITE,
          StorageStep.BEFORE_FORCE);

  private int stops;

  @Test
  void aStoppedOwnerAndAStoppedCrashEntryChangeNothingAnyMore() throws Exception {
    for (Deed stopped : List.of(Deed.REPLACE, Deed.CREATE, Deed.DELETE)) {
      for (StorageStep step : PENDING) {
        int number = 1;
        while (ownerStoppedAt(stopped, step, number)) {
          number++;
        }
      }
    }
    System.out.println("successive takeovers: stops=" + stops);
    assertTrue(stops > 500, "both must be stopped at each of their steps: stops=" + stops);
  }

  /** False if the owner ended before it came to that step. */
  private boolean ownerStoppedAt(Deed stopped, StorageStep step, int number) throws Exception {
    boolean reached = false;
    for (Deed crash : List.of(Deed.REPLACE, Deed.DELETE)) {
      for (StorageStep crashStep : STEPS) {
        int crashNumber = 0;
        boolean more;
        do {
          crashNumber++;
          Machine machine = Machine.withOneVariable();
          try (StoppedCall owner =
              StoppedCall.at(
                  machine.storage(), step, number, () -> stopped.done(machine.owner(), 2))) {
            reached = owner != null;
            more = reached && crashStoppedAt(machine, owner, crash, crashStep, crashNumber);
          }
        } while (more);
        stops += crashNumber - 1;
      }
    }
    return reached;
  }

  private static boolean crashStoppedAt(
      Machine machine, StoppedCall owner, Deed deed, StorageStep step, int number)
      throws Exception {
    try (StoppedCall crash =
        StoppedCall.at(machine.storage(), step, number, () -> deed.done(machine.crash(), 3))) {
      if (crash == null) {
        return false;
      }
      Map<String, String> expected = machine.reopened();
      Machine successor = machine.successor();
      assertEquals(expected, successor.owner().variables());
      if (number % 2 == 0) {
        expected = replaced(successor, expected);
      }
      owner.goOn();
      assertEquals(expected, successor.owner().variables());
      crash.goOn();
      assertEquals(expected, successor.owner().variables());

      expected = replaced(successor, expected);
      assertEquals(expected, successor.reopened());
      assertStatus(EfiStatus.DEVICE_ERROR, machine.crash().set("X", Deed.GUID, 7, (byte) 1));
      assertStatus(EfiStatus.DEVICE_ERROR, machine.owner().set("X", Deed.GUID, 7, (byte) 1));
      assertEquals(expected, successor.successor().owner().variables());
    }
    return true;
  }

  private static Map<String, String> replaced(Machine successor, Map<String, String> before) {
    assertStatus(EfiStatus.SUCCESS, Deed.REPLACE.done(successor.owner(), 4));
    return Deed.REPLACE.on(before, 4);
  }
}

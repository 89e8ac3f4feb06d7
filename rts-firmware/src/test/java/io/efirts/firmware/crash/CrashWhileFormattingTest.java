// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.crash;

import static io.efirts.firmware.EfiStatusAssert.assertStatus;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spi.StorageException;
import io.efirts.firmware.storage.MemoryStorage;
import io.efirts.firmware.store.NvLayout;
import io.efirts.testkit.step.StorageStep;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * I-18, I-28: a thread is stopped at each step of the formatting of an empty image and of the first
 * write behind it. While bytes of the formatting may still come nothing is written; otherwise the
 * crash entry writes, and formats the image itself if it must.
 */
@Timeout(120)
class CrashWhileFormattingTest {
  private static final Map<String, String> EMPTY = Map.of();

  private int refused;
  private int written;

  private static Machine unformatted() throws Exception {
    return Machine.over(MemoryStorage.allocate(NvLayout.OVMF_2M.fvLength()));
  }

  @Test
  void writesUnlessTheFormattingCanGoOn() throws Exception {
    for (StorageStep step : StorageStep.values()) {
      int number = 1;
      while (writesOrRefusesAt(step, number)) {
        number++;
      }
    }
    System.out.println("formatting: refused=" + refused + ", written=" + written);
    assertTrue(refused > 60 && written > 20, "refused=" + refused + ", written=" + written);
  }

  private boolean writesOrRefusesAt(StorageStep step, int number) throws Exception {
    String where = step + " " + number;
    Machine machine = unformatted();
    try (StoppedCall call =
        StoppedCall.at(
            machine.storage(), step, number, () -> Deed.REPLACE.done(machine.owner(), 2))) {
      if (call == null) {
        return false;
      }
      byte[] before = bytes(machine);
      EfiStatus status = EfiStatus.of(Deed.CREATE.done(machine.crash(), 3));
      if (status.equals(EfiStatus.DEVICE_ERROR)) {
        refused++;
        assertArrayEquals(before, bytes(machine), where);
        assertEquals(EMPTY, machine.crash().variables(), where);
        assertThrows(StorageException.class, machine::successor, where);
        assertEquals(EfiStatus.DEVICE_ERROR, call.goOn(), where);
        assertStatus(EfiStatus.DEVICE_ERROR, Deed.CREATE.done(machine.crash(), 3));
        assertEquals(EMPTY, machine.successor().owner().variables(), where);
        return true;
      }
      written++;
      assertEquals(EfiStatus.SUCCESS, status, where);
      Map<String, String> wanted = machine.crash().variables();
      assertEquals("0303", wanted.get("W"), where);
      call.goOn();
      assertEquals(wanted, machine.reopened(), where);
      assertEquals(wanted, machine.successor().owner().variables(), where);
    }
    return true;
  }

  @Test
  void writesOnceTheStoppedFormattingHasEnded() throws Exception {
    Machine machine = unformatted();
    try (StoppedCall call =
        StoppedCall.at(
            machine.storage(),
            StorageStep.BEFORE_WRITE,
            3,
            () -> Deed.REPLACE.done(machine.owner(), 2))) {
      assertStatus(EfiStatus.DEVICE_ERROR, Deed.CREATE.done(machine.crash(), 3));
      assertEquals(EfiStatus.DEVICE_ERROR, call.goOn());
      assertStatus(EfiStatus.SUCCESS, Deed.CREATE.done(machine.crash(), 3));
      assertEquals(Map.of("W", "0303"), machine.reopened());
    }
  }

  private static byte[] bytes(Machine machine) {
    return machine.storage().content().toArray(ValueLayout.JAVA_BYTE);
  }
}

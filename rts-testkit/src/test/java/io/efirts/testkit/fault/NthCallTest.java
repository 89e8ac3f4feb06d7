// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spi.CrashEntry;
import io.efirts.testkit.FirmwareCaller;
import io.efirts.testkit.ScriptedFirmware;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One call breaks, those before and after it do not. */
class NthCallTest {
  @Test
  void theThirdCallBreaks() {
    FirmwareCaller caller =
        BrokenFirmware.caller(new NthCall(3, FirmwareAnswers.status(7), FirmwareAnswers.status(0)));
    List<Long> statuses = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      statuses.add(caller.getTime(new EfiTimeHolder(), null).status().raw());
    }
    assertEquals(List.of(0L, 0L, 7L, 0L, 0L), statuses);
  }

  @Test
  void theCrashEntryIsThatOfTheWholeFirmware() {
    CrashEntry entry = frame -> 0;
    ScriptedFirmware whole = new ScriptedFirmware().crashEntry(entry);
    assertSame(entry, new NthCall(1, FirmwareAnswers.status(7), whole).crashEntry());
    assertNull(new NthCall(1, whole, FirmwareAnswers.status(7)).crashEntry());
  }

  @Test
  void callsCountFromOne() {
    assertEquals(
        "number must be at least 1: number=0",
        assertThrows(
                IllegalArgumentException.class,
                () -> new NthCall(0, FirmwareAnswers.status(7), FirmwareAnswers.status(0)))
            .getMessage());
  }
}

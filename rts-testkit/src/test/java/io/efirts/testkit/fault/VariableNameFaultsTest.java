// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.fault;

import static io.efirts.testkit.fault.BrokenFirmware.VENDOR;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.api.VariableNameCursor;
import io.efirts.api.spec.EfiStatus;
import io.efirts.testkit.FirmwareCaller;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** None of these walks ends. */
class VariableNameFaultsTest {
  private final VariableNameCursor cursor = new VariableNameCursor(16);

  @Test
  void theSameNameForEver() {
    assertEquals(
        List.of("Boot", "Boot", "Boot"),
        walk(BrokenFirmware.caller(VariableNameFaults.repeated("Boot", VENDOR)), 3));
    assertEquals(VENDOR, cursor.guid());
  }

  @Test
  void aCycleComesBackToWhereItIsTold() {
    assertEquals(
        List.of("a", "b", "c", "b", "c", "b"),
        walk(BrokenFirmware.caller(VariableNameFaults.cycle(VENDOR, 1, "a", "b", "c")), 6));
    cursor.restart();
    assertEquals(
        List.of("a", "b", "a", "b"),
        walk(BrokenFirmware.caller(VariableNameFaults.cycle(VENDOR, 0, "a", "b")), 4));
    assertThrows(
        IndexOutOfBoundsException.class, () -> VariableNameFaults.cycle(VENDOR, 2, "a", "b"));
  }

  @Test
  void aCycleKnowsItsOwnNamesOnly() {
    walk(BrokenFirmware.caller(VariableNameFaults.repeated("x", VENDOR)), 1);
    assertEquals(
        EfiStatus.INVALID_PARAMETER,
        BrokenFirmware.caller(VariableNameFaults.cycle(VENDOR, 0, "a"))
            .getNextVariableName(cursor)
            .status());
  }

  @Test
  void aNameThatDoesNotFitIsNotWritten() {
    FirmwareCaller caller = BrokenFirmware.caller(VariableNameFaults.repeated("eightchr", VENDOR));
    assertEquals(EfiStatus.BUFFER_TOO_SMALL, caller.getNextVariableName(cursor).status());
    assertEquals(18, cursor.sizeBytes());
    assertEquals("", cursor.name());
    VariableNameCursor exact = new VariableNameCursor(18);
    assertEquals(EfiStatus.SUCCESS, caller.getNextVariableName(exact).status());
    assertEquals("eightchr", exact.name());
  }

  @Test
  void aNameWithoutNulFillsTheBuffer() {
    FirmwareCaller caller = BrokenFirmware.caller(VariableNameFaults.unterminated(VENDOR));
    assertEquals(EfiStatus.SUCCESS, caller.getNextVariableName(cursor).status());
    byte[] expected = new byte[16];
    Arrays.fill(expected, "x".getBytes(StandardCharsets.US_ASCII)[0]);
    assertArrayEquals(expected, cursor.nameBytes().toArray(ValueLayout.JAVA_BYTE));
    assertEquals(16, cursor.sizeBytes());
  }

  private List<String> walk(FirmwareCaller caller, int steps) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      assertEquals(EfiStatus.SUCCESS, caller.getNextVariableName(cursor).status());
      names.add(cursor.name());
    }
    return names;
  }
}

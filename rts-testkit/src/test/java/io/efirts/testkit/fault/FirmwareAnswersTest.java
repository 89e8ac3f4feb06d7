// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.LongHolder;
import io.efirts.api.VariableNameCursor;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spi.Firmware;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** Statuses and sizes reach the caller as firmware gave them. */
class FirmwareAnswersTest {
  private final LongHolder size = new LongHolder();

  @Test
  void aStatusNeedsNoMeaning() {
    for (long status : FirmwareAnswers.UNKNOWN_STATUSES) {
      CallResult result =
          BrokenFirmware.caller(FirmwareAnswers.status(status)).getTime(new EfiTimeHolder(), null);
      assertEquals(status, result.status().raw());
      assertTrue(result.status().toString().contains("0x"), () -> "has a name: " + result.status());
    }
  }

  @Test
  void sizesAreFreeFromZeroToTheLargest() {
    assertEquals(EfiStatus.SUCCESS, getVariable(FirmwareAnswers.size(0, 0)));
    assertEquals(0, size.value);
    long status = EfiStatus.BUFFER_TOO_SMALL.raw();
    assertEquals(EfiStatus.BUFFER_TOO_SMALL, getVariable(FirmwareAnswers.size(status, -1)));
    assertEquals(-1, size.value);
  }

  @Test
  void sizesThatContradictTheStatus() {
    assertEquals(EfiStatus.SUCCESS, getVariable(FirmwareAnswers.successBeyondBuffer()));
    assertEquals(11, size.value);
    assertEquals(
        EfiStatus.BUFFER_TOO_SMALL, getVariable(FirmwareAnswers.tooSmallWithOfferedSize()));
    assertEquals(10, size.value);
    assertEquals(
        EfiStatus.BUFFER_TOO_SMALL, getVariable(FirmwareAnswers.tooSmallWithSmallerSize()));
    assertEquals(9, size.value);
  }

  @Test
  void theSizeOfANameIsAnotherArgument() {
    VariableNameCursor cursor = new VariableNameCursor(64);
    BrokenFirmware.caller(FirmwareAnswers.tooSmallWithSmallerSize()).getNextVariableName(cursor);
    assertEquals(63, cursor.sizeBytes());
  }

  @Test
  void aServiceWithoutASizeIsNamed() {
    assertEquals(
        "service must return a size: service=GET_TIME",
        assertThrows(
                IllegalStateException.class,
                () ->
                    BrokenFirmware.caller(FirmwareAnswers.successBeyondBuffer())
                        .getTime(new EfiTimeHolder(), null))
            .getMessage());
  }

  private EfiStatus getVariable(Firmware behaviour) {
    size.value = 10;
    return BrokenFirmware.caller(behaviour)
        .getVariable("n", BrokenFirmware.VENDOR, null, size, MemorySegment.ofArray(new byte[10]))
        .status();
  }
}

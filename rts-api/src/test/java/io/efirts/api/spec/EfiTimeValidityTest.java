// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The record, the holder and the check on raw bytes agree, and agree with the specification. */
class EfiTimeValidityTest {
  /** The 21 times for which the UEFI self-certification test expects EFI_INVALID_PARAMETER. */
  @ParameterizedTest
  @CsvSource({
    "1899, 1, 1, 0, 0, 0, 0, 0",
    "10000, 1, 1, 0, 0, 0, 0, 0",
    "65535, 1, 1, 0, 0, 0, 0, 0",
    "2025, 0, 1, 0, 0, 0, 0, 0",
    "2025, 13, 1, 0, 0, 0, 0, 0",
    "2025, 255, 1, 0, 0, 0, 0, 0",
    "2025, 1, 0, 0, 0, 0, 0, 0",
    "2025, 1, 32, 0, 0, 0, 0, 0",
    "2025, 1, 255, 0, 0, 0, 0, 0",
    "2025, 4, 31, 0, 0, 0, 0, 0",
    "2025, 1, 1, 24, 0, 0, 0, 0",
    "2025, 1, 1, 255, 0, 0, 0, 0",
    "2025, 1, 1, 0, 60, 0, 0, 0",
    "2025, 1, 1, 0, 255, 0, 0, 0",
    "2025, 1, 1, 0, 0, 60, 0, 0",
    "2025, 1, 1, 0, 0, 255, 0, 0",
    "2025, 1, 1, 0, 0, 0, 1000000000, 0",
    "2025, 1, 1, 0, 0, 0, 4294967295, 0",
    "2025, 1, 1, 0, 0, 0, 0, -1441",
    "2025, 1, 1, 0, 0, 0, 0, 1441",
    "2001, 2, 29, 0, 0, 0, 0, 0"
  })
  void timesOfTheSelfCertificationTestAreInvalid(
      int year, int month, int day, int hour, int minute, int second, long nanosecond, int zone) {
    assertValidity(false, new EfiTime(year, month, day, hour, minute, second, nanosecond, zone, 0));
  }

  @ParameterizedTest
  @CsvSource({
    "1900, 1, 1, 0, 0, 0, 0, 0",
    "9999, 12, 31, 23, 59, 59, 999999999, 1440",
    "2025, 1, 1, 0, 0, 0, 0, -1440",
    "2025, 1, 1, 0, 0, 0, 0, 2047"
  })
  void theEdgesOfTheRangesAreValid(
      int year, int month, int day, int hour, int minute, int second, long nanosecond, int zone) {
    assertValidity(true, new EfiTime(year, month, day, hour, minute, second, nanosecond, zone, 0));
  }

  @ParameterizedTest
  @CsvSource({"2046", "2048", "-2047", "32767", "-32768"})
  void noOtherZoneIsValid(int zone) {
    assertValidity(false, new EfiTime(2025, 1, 1, 0, 0, 0, 0, zone, 0));
  }

  @ParameterizedTest
  @CsvSource({
    "1900, false",
    "1904, true",
    "2000, true",
    "2001, false",
    "2004, true",
    "2100, false",
    "2400, true",
    "9999, false"
  })
  void february29ExistsInLeapYears(int year, boolean leap) {
    assertValidity(true, new EfiTime(year, 2, 28, 0, 0, 0, 0, 0, 0));
    assertValidity(leap, new EfiTime(year, 2, 29, 0, 0, 0, 0, 0, 0));
    assertValidity(false, new EfiTime(year, 2, 30, 0, 0, 0, 0, 0, 0));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 31", "2, 28", "3, 31", "4, 30", "5, 31", "6, 30", "7, 31", "8, 31", "9, 30", "10, 31",
    "11, 30", "12, 31"
  })
  void aMonthEndsOnItsLastDay(int month, int lastDay) {
    assertValidity(true, new EfiTime(2025, month, lastDay, 0, 0, 0, 0, 0, 0));
    assertValidity(false, new EfiTime(2025, month, lastDay + 1, 0, 0, 0, 0, 0, 0));
  }

  @ParameterizedTest
  @CsvSource({"0, true", "1, true", "2, true", "3, true", "4, false", "128, false", "255, false"})
  void onlyTheTwoDaylightBitsAreValid(int daylight, boolean valid) {
    assertValidity(valid, new EfiTime(2025, 1, 1, 0, 0, 0, 0, 0, daylight));
  }

  private static void assertValidity(boolean expected, EfiTime time) {
    MemorySegment memory = Wire.memory(EfiTime.SIZE_BYTES);
    time.write(memory, 0);
    EfiTimeHolder holder = new EfiTimeHolder();
    holder.read(memory, 0);

    assertEquals(expected, time.isValid(), time::toString);
    assertEquals(expected, EfiTime.isValid(memory, 0), time::toString);
    assertEquals(expected, holder.isValid(), time::toString);
  }
}

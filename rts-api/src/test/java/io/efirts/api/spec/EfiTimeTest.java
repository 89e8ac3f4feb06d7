// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EfiTimeTest {
  private static final EfiTime PACIFIC_NOON =
      new EfiTime(2025, 3, 10, 12, 53, 39, 123_456_789, 480, EfiTime.ADJUST_DAYLIGHT);

  @Test
  void fieldsLieWhereTheSpecificationPutsThem() {
    MemorySegment memory = MemorySegment.ofArray(new byte[16]).fill((byte) 0xEE);

    PACIFIC_NOON.write(memory, 0);

    assertEquals(
        "e907" + "03" + "0a" + "0c" + "35" + "27" + "00" + "15cd5b07" + "e001" + "01" + "00",
        Wire.hex(memory));
  }

  @Property(seed = "1")
  void anyWireValueComesBackValidOrNot(
      @ForAll @IntRange(max = 0xFFFF) int year,
      @ForAll @IntRange(max = 0xFF) int month,
      @ForAll @IntRange(max = 0xFF) int day,
      @ForAll @IntRange(max = 0xFF) int hour,
      @ForAll @LongRange(max = 0xFFFF_FFFFL) long nanosecond,
      @ForAll short timeZone,
      @ForAll @IntRange(max = 0xFF) int daylight,
      @ForAll @IntRange(max = 7) int offset) {
    MemorySegment memory = Wire.memory(24);
    EfiTime time = new EfiTime(year, month, day, hour, day, month, nanosecond, timeZone, daylight);

    time.write(memory, offset);

    assertEquals(time, EfiTime.read(memory, offset));
    assertEquals(time.isValid(), EfiTime.isValid(memory, offset));
  }

  @Property(seed = "1")
  void aTimeWithAnOffsetKeepsItsInstantAndItsOffset(
      @ForAll @LongRange(min = -2_208_900_000L, max = 253_402_200_000L) long epochSecond,
      @ForAll @IntRange(max = 999_999_999) int nanosecond,
      @ForAll @IntRange(min = -18 * 60, max = 18 * 60) int offsetMinutes) {
    OffsetDateTime time =
        Instant.ofEpochSecond(epochSecond, nanosecond)
            .atOffset(ZoneOffset.ofTotalSeconds(offsetMinutes * 60));

    EfiTime converted = EfiTime.of(time);

    assertTrue(converted.isValid());
    assertEquals(-offsetMinutes, converted.timeZone());
    assertEquals(time, converted.toOffsetDateTime());
    assertEquals(time.toLocalDateTime(), converted.toLocalDateTime());
  }

  @Test
  void pacificStandardTimeIsAZoneOf480() {
    assertEquals(
        OffsetDateTime.of(2025, 3, 10, 12, 53, 39, 123_456_789, ZoneOffset.ofHours(-8)),
        PACIFIC_NOON.toOffsetDateTime());
    assertEquals(
        Instant.parse("2025-03-10T20:53:39.123456789Z"),
        PACIFIC_NOON.toOffsetDateTime().toInstant());
  }

  @ParameterizedTest
  @CsvSource({
    "1080, 2025-03-10T12:00-18:00",
    "-1080, 2025-03-10T12:00+18:00",
    "1081, 2025-03-11T06:01Z",
    "-1081, 2025-03-09T17:59Z",
    "1440, 2025-03-11T12:00Z",
    "-1440, 2025-03-09T12:00Z"
  })
  void aZoneBeyondJavaTimeKeepsItsInstant(int timeZone, String expected) {
    EfiTime time = new EfiTime(2025, 3, 10, 12, 0, 0, 0, timeZone, 0);

    assertEquals(OffsetDateTime.parse(expected), time.toOffsetDateTime());
  }

  @Test
  void aLocalTimeHasNoZone() {
    LocalDateTime local = LocalDateTime.of(2024, 2, 29, 23, 59, 58, 7);

    EfiTime time = EfiTime.of(local);

    assertEquals(new EfiTime(2024, 2, 29, 23, 59, 58, 7, EfiTime.UNSPECIFIED_TIMEZONE, 0), time);
    assertEquals(local, time.toLocalDateTime());
    assertEquals(
        "timeZone must be specified to give an offset: time=" + time,
        assertThrows(IllegalStateException.class, time::toOffsetDateTime).getMessage());
  }

  @Test
  void anInvalidTimeIsNotConverted() {
    EfiTime time = new EfiTime(2001, 2, 29, 0, 0, 0, 0, 0, 0);
    String message = "time must be valid to convert it: time=" + time;

    assertEquals(
        message, assertThrows(IllegalStateException.class, time::toLocalDateTime).getMessage());
    assertEquals(
        message, assertThrows(IllegalStateException.class, time::toOffsetDateTime).getMessage());
  }

  @Test
  void whatEfiTimeCannotHoldIsNotConverted() {
    assertEquals(
        "year must be 1900 to 9999: year=1899",
        assertThrows(
                IllegalArgumentException.class,
                () -> EfiTime.of(LocalDateTime.of(1899, 12, 31, 0, 0)))
            .getMessage());
    assertEquals(
        "year must be 1900 to 9999: year=10000",
        assertThrows(
                IllegalArgumentException.class,
                () -> EfiTime.of(LocalDateTime.of(10000, 1, 1, 0, 0)))
            .getMessage());
    OffsetDateTime withSeconds =
        LocalDateTime.of(2025, 1, 1, 0, 0).atOffset(ZoneOffset.ofTotalSeconds(61));
    assertEquals(
        "offset must be a whole number of minutes: offset=+00:01:01",
        assertThrows(IllegalArgumentException.class, () -> EfiTime.of(withSeconds)).getMessage());
    assertEquals(
        "time must be given: time=null",
        assertThrows(NullPointerException.class, () -> EfiTime.of((LocalDateTime) null))
            .getMessage());
  }

  @Test
  void aValueThatDoesNotFitItsFieldIsRejected() {
    assertEquals(
        "year must be 0 to 65535: year=65536",
        assertThrows(
                IllegalArgumentException.class, () -> new EfiTime(65536, 1, 1, 0, 0, 0, 0, 0, 0))
            .getMessage());
    assertEquals(
        "nanosecond must be 0 to 4294967295: nanosecond=-1",
        assertThrows(
                IllegalArgumentException.class, () -> new EfiTime(2025, 1, 1, 0, 0, 0, -1, 0, 0))
            .getMessage());
    assertEquals(
        "timeZone must be -32768 to 32767: timeZone=32768",
        assertThrows(
                IllegalArgumentException.class, () -> new EfiTime(2025, 1, 1, 0, 0, 0, 0, 32768, 0))
            .getMessage());
  }

  @Test
  void bytesOutsideTheMemoryAreRejected() {
    MemorySegment memory = Wire.memory(16);
    String message = "offset must leave room for an EFI_TIME: offset=0x1, size=16, limit=0x10";

    assertEquals(
        message,
        assertThrows(IndexOutOfBoundsException.class, () -> EfiTime.read(memory, 1)).getMessage());
    assertEquals(
        message,
        assertThrows(IndexOutOfBoundsException.class, () -> PACIFIC_NOON.write(memory, 1))
            .getMessage());
    assertEquals(
        message,
        assertThrows(IndexOutOfBoundsException.class, () -> EfiTime.isValid(memory, 1))
            .getMessage());
  }
}

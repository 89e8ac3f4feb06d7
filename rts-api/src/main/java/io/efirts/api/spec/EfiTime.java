// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

import java.lang.foreign.MemorySegment;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * An {@code EFI_TIME} with its fields as firmware gave them, valid or not: only a value that the
 * wire field could not hold is rejected. UEFI 2.10 section 8.3.1.
 *
 * <p>Immutable; every method may be called by any thread and none blocks. {@link #write} and both
 * {@code isValid} allocate nothing. The two pad bytes are not kept and are written as 0.
 *
 * @param year the year, 1900 to 9999 when valid
 * @param month the month, 1 to 12 when valid
 * @param day the day, 1 to the length of the month when valid
 * @param hour the hour, 0 to 23 when valid
 * @param minute the minute, 0 to 59 when valid
 * @param second the second, 0 to 59 when valid
 * @param nanosecond the nanosecond, unsigned 32 bits, 0 to 999,999,999 when valid
 * @param timeZone minutes, with local time = UTC - timeZone; -1440 to 1440 or {@link
 *     #UNSPECIFIED_TIMEZONE} when valid
 * @param daylight a mask of {@link #ADJUST_DAYLIGHT} and {@link #IN_DAYLIGHT} when valid
 */
public record EfiTime(
    int year,
    int month,
    int day,
    int hour,
    int minute,
    int second,
    long nanosecond,
    int timeZone,
    int daylight) {

  /** Size on the wire in bytes. */
  public static final int SIZE_BYTES = 16;

  /** The {@link #timeZone} of a local time without a known zone. */
  public static final int UNSPECIFIED_TIMEZONE = 0x07FF;

  /** Daylight bit 0: the time is affected by daylight saving. */
  public static final int ADJUST_DAYLIGHT = 0x01;

  /** Daylight bit 1: the time has been adjusted for daylight saving. */
  public static final int IN_DAYLIGHT = 0x02;

  // The largest offset java.time can hold.
  private static final int MAXIMUM_OFFSET_MINUTES = 18 * 60;
  private static final int SECONDS_PER_MINUTE = 60;

  /**
   * Takes the fields as they are.
   *
   * @throws IllegalArgumentException when a value does not fit its wire field
   */
  public EfiTime {
    SpecChecks.requireWithin(year, 0, 0xFFFF, "year");
    SpecChecks.requireWithin(month, 0, 0xFF, "month");
    SpecChecks.requireWithin(day, 0, 0xFF, "day");
    SpecChecks.requireWithin(hour, 0, 0xFF, "hour");
    SpecChecks.requireWithin(minute, 0, 0xFF, "minute");
    SpecChecks.requireWithin(second, 0, 0xFF, "second");
    SpecChecks.requireWithin(nanosecond, 0, 0xFFFF_FFFFL, "nanosecond");
    SpecChecks.requireWithin(timeZone, Short.MIN_VALUE, Short.MAX_VALUE, "timeZone");
    SpecChecks.requireWithin(daylight, 0, 0xFF, "daylight");
  }

  /**
   * Converts a wall-clock time without a zone.
   *
   * @param time the time
   * @return the same fields with {@link #UNSPECIFIED_TIMEZONE} and no daylight bit
   * @throws IllegalArgumentException when the year is outside 1900 to 9999
   */
  public static EfiTime of(LocalDateTime time) {
    SpecChecks.requireGiven(time, "time");
    return of(time, UNSPECIFIED_TIMEZONE);
  }

  /**
   * Converts a time with its offset. The sign turns: an offset of -08:00 is a timeZone of 480.
   *
   * @param time the time
   * @return the same fields and zone, no daylight bit
   * @throws IllegalArgumentException when the year is outside 1900 to 9999 or the offset is not a
   *     whole number of minutes
   */
  public static EfiTime of(OffsetDateTime time) {
    SpecChecks.requireGiven(time, "time");
    int offsetSeconds = time.getOffset().getTotalSeconds();
    if (offsetSeconds % SECONDS_PER_MINUTE != 0) {
      throw new IllegalArgumentException(
          "offset must be a whole number of minutes: offset=" + time.getOffset());
    }
    return of(time.toLocalDateTime(), -offsetSeconds / SECONDS_PER_MINUTE);
  }

  private static EfiTime of(LocalDateTime time, int timeZone) {
    SpecChecks.requireWithin(
        time.getYear(), EfiTimeRules.MINIMUM_YEAR, EfiTimeRules.MAXIMUM_YEAR, "year");
    return new EfiTime(
        time.getYear(),
        time.getMonthValue(),
        time.getDayOfMonth(),
        time.getHour(),
        time.getMinute(),
        time.getSecond(),
        time.getNano(),
        timeZone,
        0);
  }

  /**
   * Reads the 16 wire bytes. Allocates the result; {@link EfiTimeHolder} reads without.
   *
   * @param memory the memory
   * @param offset where they start, in bytes, any alignment
   * @return the fields as they are
   * @throws IndexOutOfBoundsException when the bytes are not all inside the memory
   */
  public static EfiTime read(MemorySegment memory, long offset) {
    SpecChecks.requireRange(memory, offset, SIZE_BYTES, EfiTimeLayout.STRUCTURE);
    return new EfiTime(
        LittleEndian.getU16(memory, offset + EfiTimeLayout.YEAR),
        LittleEndian.getU8(memory, offset + EfiTimeLayout.MONTH),
        LittleEndian.getU8(memory, offset + EfiTimeLayout.DAY),
        LittleEndian.getU8(memory, offset + EfiTimeLayout.HOUR),
        LittleEndian.getU8(memory, offset + EfiTimeLayout.MINUTE),
        LittleEndian.getU8(memory, offset + EfiTimeLayout.SECOND),
        LittleEndian.getU32(memory, offset + EfiTimeLayout.NANOSECOND),
        LittleEndian.getI16(memory, offset + EfiTimeLayout.TIME_ZONE),
        LittleEndian.getU8(memory, offset + EfiTimeLayout.DAYLIGHT));
  }

  /**
   * Writes the 16 wire bytes, valid or not, the pad bytes as 0.
   *
   * @param memory the memory
   * @param offset where to start, in bytes, any alignment
   * @throws IndexOutOfBoundsException when the bytes are not all inside the memory
   */
  public void write(MemorySegment memory, long offset) {
    SpecChecks.requireRange(memory, offset, SIZE_BYTES, EfiTimeLayout.STRUCTURE);
    LittleEndian.put16(memory, offset + EfiTimeLayout.YEAR, year);
    LittleEndian.put8(memory, offset + EfiTimeLayout.MONTH, month);
    LittleEndian.put8(memory, offset + EfiTimeLayout.DAY, day);
    LittleEndian.put8(memory, offset + EfiTimeLayout.HOUR, hour);
    LittleEndian.put8(memory, offset + EfiTimeLayout.MINUTE, minute);
    LittleEndian.put8(memory, offset + EfiTimeLayout.SECOND, second);
    LittleEndian.put8(memory, offset + EfiTimeLayout.PAD1, 0);
    LittleEndian.put32(memory, offset + EfiTimeLayout.NANOSECOND, (int) nanosecond);
    LittleEndian.put16(memory, offset + EfiTimeLayout.TIME_ZONE, timeZone);
    LittleEndian.put8(memory, offset + EfiTimeLayout.DAYLIGHT, daylight);
    LittleEndian.put8(memory, offset + EfiTimeLayout.PAD2, 0);
  }

  /**
   * Says whether every field is in the specification's range, month lengths and leap years
   * included.
   *
   * @return true when {@code SetTime} may be given this time
   */
  public boolean isValid() {
    return EfiTimeRules.isValidDate(year, month, day)
        && EfiTimeRules.isValidTimeOfDay(hour, minute, second, nanosecond)
        && EfiTimeRules.isValidZone(timeZone, daylight);
  }

  /**
   * Says the same as {@link #isValid()} of 16 wire bytes; the pad bytes do not matter.
   *
   * @param memory the memory
   * @param offset where they start, in bytes, any alignment
   * @return true when every field is in range
   * @throws IndexOutOfBoundsException when the bytes are not all inside the memory
   */
  public static boolean isValid(MemorySegment memory, long offset) {
    SpecChecks.requireRange(memory, offset, SIZE_BYTES, EfiTimeLayout.STRUCTURE);
    return EfiTimeRules.isValidDate(
            LittleEndian.getU16(memory, offset + EfiTimeLayout.YEAR),
            LittleEndian.getU8(memory, offset + EfiTimeLayout.MONTH),
            LittleEndian.getU8(memory, offset + EfiTimeLayout.DAY))
        && EfiTimeRules.isValidTimeOfDay(
            LittleEndian.getU8(memory, offset + EfiTimeLayout.HOUR),
            LittleEndian.getU8(memory, offset + EfiTimeLayout.MINUTE),
            LittleEndian.getU8(memory, offset + EfiTimeLayout.SECOND),
            LittleEndian.getU32(memory, offset + EfiTimeLayout.NANOSECOND))
        && EfiTimeRules.isValidZone(
            LittleEndian.getI16(memory, offset + EfiTimeLayout.TIME_ZONE),
            LittleEndian.getU8(memory, offset + EfiTimeLayout.DAYLIGHT));
  }

  /**
   * Returns the wall-clock time, the zone left aside.
   *
   * @return the date and time fields
   * @throws IllegalStateException when this time is not valid
   */
  public LocalDateTime toLocalDateTime() {
    if (!isValid()) {
      throw new IllegalStateException("time must be valid to convert it: time=" + this);
    }
    return LocalDateTime.of(year, month, day, hour, minute, second, (int) nanosecond);
  }

  /**
   * Returns the time with its offset, which is the negated {@link #timeZone}. The daylight bits
   * describe the time and do not enter the arithmetic. A zone beyond the 18 hours java.time can
   * hold comes back as the same instant at UTC.
   *
   * @return the time
   * @throws IllegalStateException when this time is not valid or its zone is {@link
   *     #UNSPECIFIED_TIMEZONE}
   */
  public OffsetDateTime toOffsetDateTime() {
    LocalDateTime local = toLocalDateTime();
    if (timeZone == UNSPECIFIED_TIMEZONE) {
      throw new IllegalStateException("timeZone must be specified to give an offset: time=" + this);
    }
    if (Math.abs(timeZone) > MAXIMUM_OFFSET_MINUTES) {
      return local.plusMinutes(timeZone).atOffset(ZoneOffset.UTC);
    }
    return local.atOffset(ZoneOffset.ofTotalSeconds(-timeZone * SECONDS_PER_MINUTE));
  }
}

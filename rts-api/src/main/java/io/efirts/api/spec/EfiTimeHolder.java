// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

import java.lang.foreign.MemorySegment;

/**
 * A mutable {@code EFI_TIME} that the caller of {@code GetTime} or {@code GetWakeupTime} owns, so
 * that repeated calls allocate nothing. Fields are kept as firmware gave them, valid or not.
 *
 * <p>Not safe for use by several threads at once. Nothing blocks; only {@link #toEfiTime()}
 * allocates. All fields are 0 before the first {@link #read}, which is not a valid time.
 */
public final class EfiTimeHolder {
  private int year;
  private int month;
  private int day;
  private int hour;
  private int minute;
  private int second;
  private long nanosecond;
  private int timeZone;
  private int daylight;

  /** Creates a holder with all fields 0. */
  public EfiTimeHolder() {}

  /**
   * Replaces every field by those of 16 wire bytes.
   *
   * @param memory the memory
   * @param offset where they start, in bytes, any alignment
   * @throws IndexOutOfBoundsException when the bytes are not all inside the memory; nothing is
   *     replaced
   */
  public void read(MemorySegment memory, long offset) {
    SpecChecks.requireRange(memory, offset, EfiTime.SIZE_BYTES, EfiTimeLayout.STRUCTURE);
    year = LittleEndian.getU16(memory, offset + EfiTimeLayout.YEAR);
    month = LittleEndian.getU8(memory, offset + EfiTimeLayout.MONTH);
    day = LittleEndian.getU8(memory, offset + EfiTimeLayout.DAY);
    hour = LittleEndian.getU8(memory, offset + EfiTimeLayout.HOUR);
    minute = LittleEndian.getU8(memory, offset + EfiTimeLayout.MINUTE);
    second = LittleEndian.getU8(memory, offset + EfiTimeLayout.SECOND);
    nanosecond = LittleEndian.getU32(memory, offset + EfiTimeLayout.NANOSECOND);
    timeZone = LittleEndian.getI16(memory, offset + EfiTimeLayout.TIME_ZONE);
    daylight = LittleEndian.getU8(memory, offset + EfiTimeLayout.DAYLIGHT);
  }

  /**
   * Returns the year.
   *
   * @return 0 to 65535
   */
  public int year() {
    return year;
  }

  /**
   * Returns the month.
   *
   * @return 0 to 255
   */
  public int month() {
    return month;
  }

  /**
   * Returns the day of the month.
   *
   * @return 0 to 255
   */
  public int day() {
    return day;
  }

  /**
   * Returns the hour.
   *
   * @return 0 to 255
   */
  public int hour() {
    return hour;
  }

  /**
   * Returns the minute.
   *
   * @return 0 to 255
   */
  public int minute() {
    return minute;
  }

  /**
   * Returns the second.
   *
   * @return 0 to 255
   */
  public int second() {
    return second;
  }

  /**
   * Returns the nanosecond.
   *
   * @return an unsigned 32-bit value
   */
  public long nanosecond() {
    return nanosecond;
  }

  /**
   * Returns the zone: local time = UTC - timeZone.
   *
   * @return minutes, or {@link EfiTime#UNSPECIFIED_TIMEZONE}
   */
  public int timeZone() {
    return timeZone;
  }

  /**
   * Returns the daylight bits.
   *
   * @return a mask of {@link EfiTime#ADJUST_DAYLIGHT} and {@link EfiTime#IN_DAYLIGHT} when valid
   */
  public int daylight() {
    return daylight;
  }

  /**
   * Says the same as {@link EfiTime#isValid()}.
   *
   * @return true when every field is in the specification's range
   */
  public boolean isValid() {
    return EfiTimeRules.isValidDate(year, month, day)
        && EfiTimeRules.isValidTimeOfDay(hour, minute, second, nanosecond)
        && EfiTimeRules.isValidZone(timeZone, daylight);
  }

  /**
   * Copies the fields into an immutable value.
   *
   * @return a fresh value
   */
  public EfiTime toEfiTime() {
    return new EfiTime(year, month, day, hour, minute, second, nanosecond, timeZone, daylight);
  }

  @Override
  public String toString() {
    return toEfiTime().toString();
  }
}

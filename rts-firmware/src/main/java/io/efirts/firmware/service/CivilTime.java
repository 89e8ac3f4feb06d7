// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.service;

/**
 * Dates of the proleptic Gregorian calendar as days and back, without an object. Works on years
 * that begin in March, so that the leap day is the last one.
 */
final class CivilTime {
  static final int SECONDS_PER_DAY = 86_400;

  private static final int DAYS_PER_ERA = 146_097;
  private static final int YEARS_PER_ERA = 400;
  private static final int DAYS_FROM_MARCH_0000_TO_1970 = 719_468;

  private CivilTime() {}

  /** Days from 1970-01-01 to a date. */
  static long epochDay(int year, int month, int day) {
    long marchYear = month <= 2 ? year - 1 : year;
    long era = Math.floorDiv(marchYear, YEARS_PER_ERA);
    long yearOfEra = marchYear - era * YEARS_PER_ERA;
    long marchMonth = (month + 9) % 12;
    long dayOfYear = (153 * marchMonth + 2) / 5 + day - 1;
    long dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return era * DAYS_PER_ERA + dayOfEra - DAYS_FROM_MARCH_0000_TO_1970;
  }

  /** The date of a day as year << 16 | month << 8 | day. */
  static long date(long epochDay) {
    long shifted = epochDay + DAYS_FROM_MARCH_0000_TO_1970;
    long era = Math.floorDiv(shifted, DAYS_PER_ERA);
    long dayOfEra = shifted - era * DAYS_PER_ERA;
    long yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
    long dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    long marchMonth = (5 * dayOfYear + 2) / 153;
    long day = dayOfYear - (153 * marchMonth + 2) / 5 + 1;
    long month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
    long year = yearOfEra + era * YEARS_PER_ERA + (month <= 2 ? 1 : 0);
    return year << 16 | month << 8 | day;
  }
}

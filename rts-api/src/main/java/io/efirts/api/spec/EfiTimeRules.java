// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

/** Which field values make a valid {@code EFI_TIME}. UEFI 2.10 section 8.3.1. Allocates nothing. */
final class EfiTimeRules {
  static final int MINIMUM_YEAR = 1900;
  static final int MAXIMUM_YEAR = 9999;
  private static final int MAXIMUM_NANOSECOND = 999_999_999;
  private static final int MAXIMUM_TIME_ZONE_MINUTES = 1440;
  private static final int DAYLIGHT_BITS = EfiTime.ADJUST_DAYLIGHT | EfiTime.IN_DAYLIGHT;

  private EfiTimeRules() {}

  static boolean isValidDate(int year, int month, int day) {
    return isWithin(year, MINIMUM_YEAR, MAXIMUM_YEAR)
        && isWithin(month, 1, 12)
        && isWithin(day, 1, daysInMonth(year, month));
  }

  static boolean isValidTimeOfDay(int hour, int minute, int second, long nanosecond) {
    return isWithin(hour, 0, 23)
        && isWithin(minute, 0, 59)
        && isWithin(second, 0, 59)
        && nanosecond >= 0
        && nanosecond <= MAXIMUM_NANOSECOND;
  }

  static boolean isValidZone(int timeZone, int daylight) {
    return (timeZone == EfiTime.UNSPECIFIED_TIMEZONE
            || isWithin(timeZone, -MAXIMUM_TIME_ZONE_MINUTES, MAXIMUM_TIME_ZONE_MINUTES))
        && (daylight & ~DAYLIGHT_BITS) == 0;
  }

  private static int daysInMonth(int year, int month) {
    return switch (month) {
      case 2 -> isLeapYear(year) ? 29 : 28;
      case 4, 6, 9, 11 -> 30;
      default -> 31;
    };
  }

  private static boolean isLeapYear(int year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  }

  private static boolean isWithin(int value, int minimum, int maximum) {
    return value >= minimum && value <= maximum;
  }
}

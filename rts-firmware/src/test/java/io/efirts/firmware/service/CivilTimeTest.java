// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.LocalDate;
import org.junit.jupiter.api.Test;

class CivilTimeTest {
  @Test
  void agreesWithJavaTimeOnEveryDayAnEfiTimeCanName() {
    LocalDate end = LocalDate.of(10_000, 1, 1);
    for (LocalDate date = LocalDate.of(1899, 12, 31); date.isBefore(end); date = date.plusDays(1)) {
      long packed = (long) date.getYear() << 16 | date.getMonthValue() << 8 | date.getDayOfMonth();
      assertEquals(packed, CivilTime.date(date.toEpochDay()));
      assertEquals(
          date.toEpochDay(),
          CivilTime.epochDay(date.getYear(), date.getMonthValue(), date.getDayOfMonth()));
    }
  }
}

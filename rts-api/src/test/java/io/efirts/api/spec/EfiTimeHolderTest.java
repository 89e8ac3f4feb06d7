// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class EfiTimeHolderTest {
  private static final String NOON = "e907030a0c352700" + "15cd5b07" + "20fe" + "03" + "00";

  @Test
  void everyFieldIsRead() {
    EfiTimeHolder holder = new EfiTimeHolder();

    holder.read(Wire.memory("ff" + NOON), 1);

    assertEquals(2025, holder.year());
    assertEquals(3, holder.month());
    assertEquals(10, holder.day());
    assertEquals(12, holder.hour());
    assertEquals(53, holder.minute());
    assertEquals(39, holder.second());
    assertEquals(123_456_789, holder.nanosecond());
    assertEquals(-480, holder.timeZone());
    assertEquals(EfiTime.ADJUST_DAYLIGHT | EfiTime.IN_DAYLIGHT, holder.daylight());
    assertEquals(new EfiTime(2025, 3, 10, 12, 53, 39, 123_456_789, -480, 3), holder.toEfiTime());
    assertEquals(holder.toEfiTime().toString(), holder.toString());
  }

  @Test
  void unsignedFieldsStayUnsigned() {
    EfiTimeHolder holder = new EfiTimeHolder();

    holder.read(Wire.memory("ff".repeat(16)), 0);

    assertEquals(
        new EfiTime(65535, 255, 255, 255, 255, 255, 4_294_967_295L, -1, 255), holder.toEfiTime());
  }

  @Test
  void aFreshHolderIsNotAValidTime() {
    assertFalse(new EfiTimeHolder().isValid());
  }

  @Test
  void aFailedReadLeavesTheHolderAsItWas() {
    EfiTimeHolder holder = new EfiTimeHolder();
    MemorySegment memory = Wire.memory(NOON);
    holder.read(memory, 0);
    EfiTime before = holder.toEfiTime();

    IndexOutOfBoundsException thrown =
        assertThrows(IndexOutOfBoundsException.class, () -> holder.read(memory, 4));

    assertEquals(
        "offset must leave room for an EFI_TIME: offset=0x4, size=16, limit=0x10",
        thrown.getMessage());
    assertEquals(before, holder.toEfiTime());
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.api.map.MappedPages;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.PhysicalAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A guard page lies below each stack and is not among what is to be mapped. */
class EfiStacksTest {
  private static final PhysicalAddress BASE = new PhysicalAddress(0x10_0000);

  @Test
  void guardPagesLieBetweenStacks() {
    EfiStacks stacks = new EfiStacks(BASE, 2, 8192);
    assertEquals(0x10_1000, stacks.bottom(0));
    assertEquals(0x10_3000, stacks.top(0));
    assertEquals(0x10_4000, stacks.bottom(1));
    assertEquals(0x10_6000, stacks.top(1));
    assertEquals(0x6000, stacks.lengthBytes());
    assertEquals(
        List.of(
            new MappedPages(0x10_1000, 2, MappingAttributes.DATA),
            new MappedPages(0x10_4000, 2, MappingAttributes.DATA)),
        stacks.mapped());
    assertThrows(IndexOutOfBoundsException.class, () -> stacks.bottom(2));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 4096",
    "257, 4096",
    "1, 0",
    "1, 4095",
    "1, 2048",
    "1, 6144",
    "1, 1052672",
    "-1, 4096"
  })
  void whatUefiOrReasonForbidsIsRefused(int count, int stackBytes) {
    assertThrows(IllegalArgumentException.class, () -> new EfiStacks(BASE, count, stackBytes));
  }

  @ParameterizedTest
  @CsvSource({"1, 4096", "256, 1048576"})
  void theLimitsThemselvesAreNot(int count, int stackBytes) {
    assertEquals(
        (long) count * (4096 + stackBytes), new EfiStacks(BASE, count, stackBytes).lengthBytes());
  }

  @Test
  void theBaseIsAPageAndTheEndWithin52Bits() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new EfiStacks(new PhysicalAddress(0x10_0800), 1, 4096));
    long last = (1L << 52) - 8192;
    assertEquals(1L << 52, new EfiStacks(new PhysicalAddress(last), 1, 4096).top(0));
    assertThrows(
        IllegalArgumentException.class,
        () -> new EfiStacks(new PhysicalAddress(last + 4096), 1, 4096));
  }
}

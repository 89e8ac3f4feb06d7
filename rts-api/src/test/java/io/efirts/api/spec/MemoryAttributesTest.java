// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryAttributesTest {
  @ParameterizedTest
  @CsvSource({
    "0x1, UC",
    "0x2, WC",
    "0x4, WT",
    "0x8, WB",
    "0x10, UCE",
    "0x1000, WP",
    "0x2000, RP",
    "0x4000, XP",
    "0x8000, NV",
    "0x10000, MORE_RELIABLE",
    "0x20000, RO",
    "0x40000, SP",
    "0x80000, CPU_CRYPTO",
    "0x100000, HOT_PLUGGABLE",
    "0x4000000000000000, ISA_VALID",
    "0x8000000000000000, RUNTIME"
  })
  void aBitHasItsName(String text, String name) throws ReflectiveOperationException {
    long bit = Long.parseUnsignedLong(text.substring(2), 16);

    assertEquals(bit, MemoryAttributes.class.getField(name).getLong(null));
    assertEquals(name, MemoryAttributes.describe(bit));
  }

  @ParameterizedTest
  @CsvSource({
    "0x0, 0",
    "0x800000000000000f, UC|WC|WT|WB|RUNTIME",
    "0x8000000000000021, UC|RUNTIME|0x20",
    "0x0ffff00000000000, 0xffff00000000000"
  })
  void aMaskIsDescribedWhole(String text, String description) {
    assertEquals(
        description, MemoryAttributes.describe(Long.parseUnsignedLong(text.substring(2), 16)));
  }

  @ParameterizedTest
  @CsvSource({"0x0ffff00000000000"})
  void theArchitecturesBitsAreNotNamed(String mask) {
    assertEquals(Long.parseUnsignedLong(mask.substring(2), 16), MemoryAttributes.ISA_MASK);
  }
}

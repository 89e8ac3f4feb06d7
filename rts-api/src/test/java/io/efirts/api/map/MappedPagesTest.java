// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.api.memory.CacheType;
import io.efirts.api.memory.MappingAttributes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MappedPagesTest {
  @ParameterizedTest
  @CsvSource({"0x0, 0", "0x0, -1", "0x1000, 1099511627776", "0x10000000000000, 1", "-0x1000, 1"})
  void aRangeThatIsNoneIsRefused(String start, long pages) {
    long physicalStart = Long.decode(start);

    assertEquals(
        "pages must be at least 1 and end within 52 bits: physicalStart=0x%x, pages=%d"
            .formatted(physicalStart, pages),
        assertThrows(
                IllegalArgumentException.class,
                () -> new MappedPages(physicalStart, pages, MappingAttributes.DATA))
            .getMessage());
  }

  @Test
  void aStartWithinAPageIsRefused() {
    assertEquals(
        "physicalStart must be a multiple of 4096: physicalStart=0x10",
        assertThrows(
                IllegalArgumentException.class,
                () -> new MappedPages(0x10, 1, MappingAttributes.DATA))
            .getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "true, true, true",
    "true, false, false",
    "false, true, false",
    "false, false, false"
  })
  void onlyBothPermissionsAreDangerous(boolean writable, boolean executable, boolean dangerous) {
    assertEquals(
        dangerous,
        new MappedPages(
                0, 1L << 40, new MappingAttributes(writable, executable, CacheType.WRITE_BACK))
            .isWritableAndExecutable());
  }
}

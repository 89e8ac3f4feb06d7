// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryType;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DescriptorLineTest {
  @Property(seed = "1")
  void numbersAreHexOrDecimal(
      @ForAll int type,
      @ForAll long physical,
      @ForAll long virtual,
      @ForAll long pages,
      @ForAll long attribute) {
    EfiMemoryDescriptor descriptor =
        new EfiMemoryDescriptor(type, physical, virtual, pages, attribute);

    assertEquals(
        descriptor,
        DescriptorLine.parse(
            "0x%x 0x%x 0X%X 0x%x 0x%x".formatted(type, physical, virtual, pages, attribute)));
    assertEquals(
        descriptor,
        DescriptorLine.parse(
            Integer.toUnsignedString(type)
                + "\t"
                + Long.toUnsignedString(physical)
                + " \t "
                + Long.toUnsignedString(virtual)
                + "  "
                + Long.toUnsignedString(pages)
                + " "
                + Long.toUnsignedString(attribute)));
  }

  @Test
  void everyTypeHasUefisName() {
    for (int type = 0; type < MemoryType.MAX_MEMORY_TYPE; type++) {
      String name = MemoryType.nameOf(type);

      assertEquals(type, DescriptorLine.parse(name + " 0 0 1 0").type());
      assertEquals(type, DescriptorLine.parse(name.toUpperCase(Locale.ROOT) + " 0 0 1 0").type());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "7 0 0 1; a region must be type, physicalAddress, virtualAddress, pages, attribute:"
            + " \"7 0 0 1\"",
        "7 0 0 1 0xf 0; a region must be type, physicalAddress, virtualAddress, pages, attribute:"
            + " \"7 0 0 1 0xf 0\"",
        "EfiMemory 0 0 1 0; type must be a number or a name of UEFI's: type=\"EfiMemory\"",
        "0x100000000 0 0 1 0; type must be a number of 32 bits: type=\"0x100000000\"",
        "-1 0 0 1 0; type must be a number of 64 bits, decimal or with 0x: type=\"-1\"",
        "7 +1 0 1 0; physicalAddress must be a number of 64 bits, decimal or with 0x:"
            + " physicalAddress=\"+1\"",
        "7 0 0x 1 0; virtualAddress must be a number of 64 bits, decimal or with 0x:"
            + " virtualAddress=\"0x\"",
        "7 0 0 18446744073709551616 0; pages must be a number of 64 bits, decimal or with 0x:"
            + " pages=\"18446744073709551616\"",
        "7 0 0 1 0x10000000000000000; attribute must be a number of 64 bits, decimal or with 0x:"
            + " attribute=\"0x10000000000000000\"",
        "7 0 0 1 ١; attribute must be a number of 64 bits, decimal or with 0x: attribute=\"١\"",
        "7 0 0 1 WB; attribute must be a number of 64 bits, decimal or with 0x: attribute=\"WB\""
      })
  void whatIsNoDescriptorIsRefused(String line, String message) {
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> DescriptorLine.parse(line))
            .getMessage());
  }
}

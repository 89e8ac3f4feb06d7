// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryTypeTest {
  @ParameterizedTest
  @CsvSource({
    "0, RESERVED_MEMORY_TYPE, EfiReservedMemoryType",
    "1, LOADER_CODE, EfiLoaderCode",
    "2, LOADER_DATA, EfiLoaderData",
    "3, BOOT_SERVICES_CODE, EfiBootServicesCode",
    "4, BOOT_SERVICES_DATA, EfiBootServicesData",
    "5, RUNTIME_SERVICES_CODE, EfiRuntimeServicesCode",
    "6, RUNTIME_SERVICES_DATA, EfiRuntimeServicesData",
    "7, CONVENTIONAL_MEMORY, EfiConventionalMemory",
    "8, UNUSABLE_MEMORY, EfiUnusableMemory",
    "9, ACPI_RECLAIM_MEMORY, EfiACPIReclaimMemory",
    "10, ACPI_MEMORY_NVS, EfiACPIMemoryNVS",
    "11, MEMORY_MAPPED_IO, EfiMemoryMappedIO",
    "12, MEMORY_MAPPED_IO_PORT_SPACE, EfiMemoryMappedIOPortSpace",
    "13, PAL_CODE, EfiPalCode",
    "14, PERSISTENT_MEMORY, EfiPersistentMemory",
    "15, UNACCEPTED_MEMORY_TYPE, EfiUnacceptedMemoryType",
    "16, MAX_MEMORY_TYPE, EFI_MEMORY_TYPE(0x10)"
  })
  void valuesAndNamesAreThoseOfTheSpecification(int type, String constant, String name)
      throws ReflectiveOperationException {
    assertEquals(type, MemoryType.class.getField(constant).getInt(null));
    assertEquals(name, MemoryType.nameOf(type));
  }

  @ParameterizedTest
  @CsvSource({
    "0x6fffffff, false, false",
    "0x70000000, true, false",
    "0x7fffffff, true, false",
    "0x80000000, false, true",
    "0xffffffff, false, true"
  })
  void makersAndLoadersHaveRangesOfTheirOwn(String text, boolean oem, boolean loader) {
    int type = Integer.parseUnsignedInt(text.substring(2), 16);

    assertEquals(oem, MemoryType.isOem(type));
    assertEquals(loader, MemoryType.isOsLoader(type));
    assertEquals("EFI_MEMORY_TYPE(" + text + ")", MemoryType.nameOf(type));
  }

  @Test
  void namesAreFoundInAnyLetterCase() {
    for (int type = 0; type < MemoryType.MAX_MEMORY_TYPE; type++) {
      assertEquals(type, MemoryType.ofName(MemoryType.nameOf(type)));
      assertEquals(type, MemoryType.ofName(MemoryType.nameOf(type).toLowerCase(Locale.ROOT)));
    }
    assertEquals(-1, MemoryType.ofName("EfiMaxMemoryType"));
    assertEquals(-1, MemoryType.ofName(""));
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.map.MemoryMap;
import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.EfiSystemTable;
import io.efirts.api.spec.MemoryAttributes;
import io.efirts.api.spec.MemoryType;
import io.efirts.api.spec.RuntimeServicesTable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuestBootTest {
  private static final long BASE = 0x8000_0000L;
  private static final long TABLE = 0x100;

  private final MemorySegment bytes = Arena.ofAuto().allocate(4096, 4096);

  private static EfiMemoryDescriptor region(int type, long start, long pages, long attributes) {
    return new EfiMemoryDescriptor(type, start, 0, pages, attributes);
  }

  private GuestIdentity identity(long vendor) {
    bytes.set(ValueLayout.JAVA_INT, TABLE + RuntimeServicesTable.REVISION_OFFSET, 2 << 16 | 70);
    bytes.set(ValueLayout.JAVA_LONG, TABLE + EfiSystemTable.FIRMWARE_VENDOR_OFFSET_64, vendor);
    bytes.set(
        ValueLayout.JAVA_INT, TABLE + EfiSystemTable.FIRMWARE_REVISION_OFFSET_64, 0x8001_0000);
    return GuestIdentity.read(
        GuestMemory.of(List.of(new MemoryRegion(new PhysicalAddress(BASE), bytes))), BASE + TABLE);
  }

  @Test
  void regionsAreCountedByType() {
    MemoryMap map =
        MemoryMap.of(
            List.of(
                region(MemoryType.CONVENTIONAL_MEMORY, 0, 16, MemoryAttributes.WB),
                region(MemoryType.RUNTIME_SERVICES_DATA, 0x10000, 2, MemoryAttributes.RUNTIME),
                region(MemoryType.RUNTIME_SERVICES_DATA, 0x20000, 3, MemoryAttributes.WB),
                region(0x8000_0001, 0x30000, 1, 0),
                region(MemoryType.CONVENTIONAL_MEMORY, 0x40000, 1, MemoryAttributes.WB)));

    assertEquals(
        List.of(
            new GuestBoot.TypeSummary("EfiRuntimeServicesData", 2, 5, 2),
            new GuestBoot.TypeSummary("EfiConventionalMemory", 2, 17, 0),
            new GuestBoot.TypeSummary("EFI_MEMORY_TYPE(0x80000001)", 1, 1, 0)),
        GuestBoot.byType(map));
  }

  @Test
  void firmwareSaysWhoItIs() {
    String vendor = "EDK II";
    for (int i = 0; i < vendor.length(); i++) {
      bytes.set(ValueLayout.JAVA_CHAR, 2L * i, vendor.charAt(i));
    }
    assertEquals(new GuestIdentity("EDK II", "0x80010000", "2.7"), identity(BASE));
  }

  @Test
  void aVendorsNameThatIsNowhereIsEmptyAndOneWithoutEndIsCut() {
    assertEquals("", identity(0x1000).vendor());
    bytes.asSlice(0x800).fill((byte) 0x41);
    assertEquals(100, identity(BASE + 0x800).vendor().length());
    assertEquals("\u4141", identity(BASE + 4094).vendor());
  }

  @ParameterizedTest
  @CsvSource({"0x20046, 2.7", "0x2001f, 2.3.1", "0x20064, 2.10", "0x1000a, 1.1"})
  void theMinorNumberHasTwoPartsInOne(String revision, String specification) {
    assertEquals(specification, GuestIdentity.specification(Integer.decode(revision)));
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.memory.CacheType;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.paging.Mapping;
import io.efirts.api.paging.PageSize;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryAttributes;
import io.efirts.api.spec.MemoryType;
import java.util.List;
import org.junit.jupiter.api.Test;

class GuestRegionTest {
  private static final long PHYSICAL = 0xF5E_C000L;
  private static final long VIRTUAL = 0xFFFF_FFFE_FF1E_C000L;
  private static final EfiMemoryDescriptor CODE =
      new EfiMemoryDescriptor(
          MemoryType.RUNTIME_SERVICES_CODE,
          PHYSICAL,
          VIRTUAL,
          8,
          MemoryAttributes.RUNTIME | MemoryAttributes.WB);

  private static Mapping pages(long first, int pages, boolean writable) {
    return new Mapping(
        new VirtualAddress(first),
        new VirtualAddress(first + pages * 4096L - 1),
        new PhysicalAddress(first - VIRTUAL + PHYSICAL),
        PageSize.FOUR_KIB,
        new MappingAttributes(writable, !writable, CacheType.WRITE_BACK));
  }

  @Test
  void partsAreOfTheRegionAlone() {
    GuestRegion region =
        GuestRegion.of(
            CODE,
            List.of(
                pages(VIRTUAL - 0x8000, 4, true),
                pages(VIRTUAL - 0x2000, 5, false),
                pages(VIRTUAL + 0x3000, 9, true),
                pages(VIRTUAL + 0x10_0000, 1, false)));

    assertEquals("EfiRuntimeServicesCode", region.type());
    assertEquals("0xf5ec000", region.physicalAddress());
    assertEquals("0xfffffffeff1ec000", region.virtualAddress());
    assertEquals("WB|RUNTIME", region.attributes());
    assertEquals(
        List.of(new GuestRegion.Part(0, 3, "r-x", "WB"), new GuestRegion.Part(3, 5, "rw-", "WB")),
        region.parts());
  }

  @Test
  void neighboursThatAreMappedAlikeAreOnePart() {
    GuestRegion region =
        GuestRegion.of(CODE, List.of(pages(VIRTUAL, 2, true), pages(VIRTUAL + 0x2000, 6, true)));

    assertEquals(List.of(new GuestRegion.Part(0, 8, "rw-", "WB")), region.parts());
  }

  @Test
  void pagesThatAreNotMappedAreInNoPart() {
    GuestRegion region =
        GuestRegion.of(CODE, List.of(pages(VIRTUAL, 1, true), pages(VIRTUAL + 0x2000, 1, true)));

    assertEquals(
        List.of(new GuestRegion.Part(0, 1, "rw-", "WB"), new GuestRegion.Part(2, 1, "rw-", "WB")),
        region.parts());
  }
}

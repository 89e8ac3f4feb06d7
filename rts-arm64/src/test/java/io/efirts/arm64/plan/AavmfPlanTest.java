// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.api.map.MemoryMap;
import io.efirts.api.memory.Access;
import io.efirts.api.memory.CacheType;
import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.paging.FrameBitmap;
import io.efirts.api.paging.Mapping;
import io.efirts.api.plan.PlannedRegion;
import io.efirts.api.plan.VirtualMap;
import io.efirts.api.spec.MemoryType;
import io.efirts.arm64.paging.Granule;
import io.efirts.arm64.paging.MairTypes;
import io.efirts.arm64.paging.PageTables;
import io.efirts.arm64.paging.PagingMode;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The regions of real firmware, planned as Linux does and mapped with each granule. */
class AavmfPlanTest {
  private static final MappingAttributes CODE_AND_DATA =
      new MappingAttributes(true, true, CacheType.WRITE_BACK);
  private static final MappingAttributes DEVICE =
      new MappingAttributes(true, false, CacheType.UNCACHED);

  private final VirtualMap plan = VirtualAddressPlanner.linux().plan(AavmfRegions.map());

  /** Worked out by hand: flash at 2 MiB, everything else at the next 64 KiB. */
  @Test
  void virtualAddresses() {
    assertArrayEquals(
        new long[] {
          0x2000_0000, 0x2400_0000, 0x2401_0000, 0x2409_0000, 0x2425_0000, 0x2430_0000, 0x2449_0000
        },
        plan.regions().stream().mapToLong(PlannedRegion::virtualAddress).toArray());
    assertEquals(List.of(), plan.notPlaced());
    assertEquals(18129, plan.regions().stream().mapToLong(PlannedRegion::pages).sum());
  }

  private static PageTables tables(Granule granule, int virtualBits) {
    MemorySegment bytes = MemorySegment.ofArray(new long[16 * granule.bytes() / Long.BYTES]);
    MemoryRegion region = new MemoryRegion(new PhysicalAddress(0x4000_0000L), bytes);
    return PageTables.builder(
            new PagingMode(granule, virtualBits),
            GuestMemory.of(List.of(region)),
            FrameBitmap.of(granule.page(), region))
        .physicalBits(44)
        .mairTypes(MairTypes.EARLY_ACKNOWLEDGE)
        .build();
  }

  private static void map(PageTables tables, PlannedRegion region) {
    tables
        .map(
            new VirtualAddress(region.virtualAddress()),
            new PhysicalAddress(region.physicalAddress()),
            region.lengthBytes(),
            switch (region.type()) {
              case MemoryType.RUNTIME_SERVICES_CODE -> CODE_AND_DATA;
              case MemoryType.RUNTIME_SERVICES_DATA -> MappingAttributes.DATA;
              default -> DEVICE;
            })
        .flush();
  }

  @Test
  void everythingIsMappedWithPagesOf4Kib() {
    PageTables tables = tables(Granule.FOUR_KIB, 44);
    plan.regions().forEach(region -> map(tables, region));
    assertEquals(
        List.of(
            "0000000020000000-0000000023ffffff -> 0000004000000 rw- UNCACHED 2 MiB",
            "0000000024000000-0000000024000fff -> 0000009010000 rw- UNCACHED 4 KiB",
            "0000000024010000-000000002408ffff -> 000004c440000 rwx WRITE_BACK 4 KiB",
            "0000000024090000-000000002424ffff -> 000004c4c0000 rw- WRITE_BACK 4 KiB",
            "0000000024250000-00000000242fffff -> 000004c680000 rwx WRITE_BACK 4 KiB",
            "0000000024300000-000000002448ffff -> 000004fc00000 rwx WRITE_BACK 4 KiB",
            "0000000024490000-00000000246dffff -> 000004fd90000 rw- WRITE_BACK 4 KiB"),
        tables.mappings().stream().map(Mapping::toString).toList());
  }

  /** The clock's registers are one page of 4 KiB: whether more may be mapped is not said here. */
  @ParameterizedTest
  @EnumSource(names = "FOUR_KIB", mode = EnumSource.Mode.EXCLUDE)
  void largerGranulesMapAllButTheClock(Granule granule) {
    PageTables tables = tables(granule, 48);
    for (PlannedRegion region : plan.regions()) {
      if (region.pages() == 1) {
        assertThrows(IllegalArgumentException.class, () -> map(tables, region));
      } else {
        map(tables, region);
        long last = region.lengthBytes() - 1;
        assertEquals(
            region.physicalAddress() + last,
            tables.translate(region.virtualAddress() + last, Access.WRITE));
      }
    }
    assertEquals(6, tables.mappings().size());
  }

  /** Every granule has room for the plan, in its smallest address space too. */
  @ParameterizedTest
  @EnumSource
  void theSmallestAddressSpaceIsLargeEnough(Granule granule) {
    PageTables tables = tables(granule, 36);
    map(tables, plan.regions().getFirst());
    map(tables, plan.regions().getLast());
    assertEquals(0x4FFD_FFFFL, tables.translate(0x246D_FFFFL, Access.READ));
  }

  /** A kernel of another granule finds the regions where the first has put them. */
  @Test
  void aSuccessorReusesEveryAddress() {
    VirtualMap successor =
        VirtualAddressPlanner.successor(VirtualAddressPlanner.LINUX_WINDOW)
            .plan(MemoryMap.of(plan.descriptors()));
    assertEquals(plan.regions(), successor.regions());
    assertEquals(plan.virtualAddressMap(), successor.virtualAddressMap());
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.space;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.map.MappedPages;
import io.efirts.api.map.MemoryMap;
import io.efirts.api.memory.Access;
import io.efirts.api.memory.Translation;
import io.efirts.api.plan.PlannedRegion;
import io.efirts.api.plan.VirtualMap;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.arm64.paging.Granule;
import io.efirts.arm64.plan.VirtualAddressPlanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Of any memory map the tables have all regions, ranges and aliases, and what shares granules. */
class FullIdentityMapPropertyTest {
  private static final long TIB = 1L << 40;

  private final Map<Granule, TableMachine> machines =
      Map.of(
          Granule.FOUR_KIB, new TableMachine(Granule.FOUR_KIB, 2_048),
          Granule.SIXTEEN_KIB, new TableMachine(Granule.SIXTEEN_KIB, 512),
          Granule.SIXTY_FOUR_KIB, new TableMachine(Granule.SIXTY_FOUR_KIB, 128));

  @Provide
  Arbitrary<RandomSpace> spaces() {
    return RandomSpace.below(64 * TIB);
  }

  @Property(seed = "71", tries = 1_000, edgeCases = EdgeCasesMode.NONE)
  void allOfItAndNothingElse(@ForAll("spaces") RandomSpace random, @ForAll Granule granule) {
    TableMachine machine = machines.get(granule);
    VirtualMap plan =
        VirtualAddressPlanner.bottomUp(VirtualAddressPlanner.window(128 * TIB, 256 * TIB))
            .plan(random.map());
    FullIdentityMapBuilder builder =
        FullIdentityMap.builder(machine.tables(), random.map()).aliases(plan);
    random.ranges().forEach(builder::range);
    FullIdentityMap space = builder.build();
    for (EfiMemoryDescriptor region : random.map().regions()) {
      assertReachable(space, region.physicalStart(), region);
    }
    for (PlannedRegion region : plan.regions()) {
      assertReachable(space, region.virtualAddress(), region.descriptor());
    }
    assertEquals(bytesExpected(random, plan, granule.bytes()), bytesMapped(space));
    assertEquals(List.of(), space.notMapped());
    space.tables().release();
    assertEquals(0, machine.framesInUse());
  }

  /** The same map, region by region: no order and no change on the way leaves a trace. */
  @Property(seed = "72", tries = 500, edgeCases = EdgeCasesMode.NONE)
  void addedLaterIsAsIfFromTheBeginning(
      @ForAll("spaces") RandomSpace random, @ForAll Granule granule) {
    TableMachine machine = machines.get(granule);
    FullIdentityMapBuilder whole = FullIdentityMap.builder(machine.tables(), random.map());
    random.ranges().forEach(whole::range);
    FullIdentityMap atOnce = whole.build();
    List<Pages> expected = Pages.of(atOnce.tables().mappings());
    atOnce.tables().release();

    FullIdentityMapBuilder empty =
        FullIdentityMap.builder(machine.tables(), MemoryMap.of(List.of()));
    random.ranges().forEach(empty::range);
    FullIdentityMap grown = empty.build();
    for (EfiMemoryDescriptor region : random.map().regions().reversed()) {
      grown.add(region).flush();
    }
    assertEquals(expected, Pages.of(grown.tables().mappings()));
    grown.tables().release();
    assertEquals(0, machine.framesInUse());
  }

  private static void assertReachable(
      FullIdentityMap space, long first, EfiMemoryDescriptor region) {
    boolean registers = region.type() == 11;
    long physical = region.physicalStart();
    for (long offset : new long[] {0, region.numberOfPages() * 4096 - 1}) {
      assertEquals(physical + offset, space.tables().translate(first + offset, Access.WRITE));
      long fetched = space.tables().translate(first + offset, Access.EXECUTE);
      // Registers are executable only in a granule with something else.
      assertTrue(registers || !Translation.isFault(fetched));
    }
  }

  private static long bytesMapped(FullIdentityMap space) {
    return Pages.of(space.tables().mappings()).stream()
        .mapToLong(pages -> pages.last() - pages.first() + 1)
        .sum();
  }

  /** Ranges and regions, each granule once; each virtual granule once. */
  private static long bytesExpected(RandomSpace random, VirtualMap plan, long granule) {
    long bytes = 0;
    long end = 0;
    List<long[]> bounds = new ArrayList<>();
    for (EfiMemoryDescriptor region : random.map().regions()) {
      bounds.add(outward(region.physicalStart(), region.numberOfPages(), granule));
    }
    for (MappedPages range : random.ranges()) {
      bounds.add(outward(range.physicalStart(), range.pages(), granule));
    }
    for (PlannedRegion region : plan.regions()) {
      bounds.add(outward(region.virtualAddress(), region.pages(), granule));
    }
    bounds.sort((a, b) -> Long.compare(a[0], b[0]));
    for (long[] bound : bounds) {
      bytes += Math.max(0, bound[1] - Math.max(end, bound[0]));
      end = Math.max(end, bound[1]);
    }
    return bytes;
  }

  private static long[] outward(long start, long pages, long granule) {
    return new long[] {start & -granule, start + pages * 4096 + granule - 1 & -granule};
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.space;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.map.MappedPages;
import io.efirts.api.map.MemoryMap;
import io.efirts.api.memory.CacheType;
import io.efirts.api.plan.PlannedRegion;
import io.efirts.api.plan.VirtualMap;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryAttributes;
import io.efirts.x86.paging.PagingMode;
import io.efirts.x86.plan.RegionSelection;
import io.efirts.x86.plan.VirtualAddressPlanner;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Of any memory map the tables have all regions, ranges and aliases, and nothing else. */
class FullIdentityMapPropertyTest {
  private final TableMachine machine = new TableMachine(4096);

  @Provide
  Arbitrary<RandomSpace> spaces() {
    return RandomSpace.below(1L << 40);
  }

  @Provide
  Arbitrary<RandomSpace> lowSpaces() {
    return RandomSpace.below(1L << 32);
  }

  @Provide
  Arbitrary<PagingMode> wideModes() {
    return Arbitraries.of(PagingMode.FOUR_LEVEL, PagingMode.FIVE_LEVEL);
  }

  @Provide
  Arbitrary<PagingMode> narrowModes() {
    return Arbitraries.of(PagingMode.PAE, PagingMode.LEGACY_32);
  }

  @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
  void allOfItAndNothingElseIn64BitModes(
      @ForAll("spaces") RandomSpace random, @ForAll("wideModes") PagingMode mode) {
    VirtualMap plan = VirtualAddressPlanner.linux().plan(random.map(), RegionSelection.ALL);
    FullIdentityMap space = builder(random, mode).aliases(plan).build();
    assertEquals(expected(random, plan.runtime(), mode), Pages.of(space.tables().mappings()));
    release(space);
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void allOfItAndNothingElseIn32BitModes(
      @ForAll("lowSpaces") RandomSpace random, @ForAll("narrowModes") PagingMode mode) {
    FullIdentityMap space = builder(random, mode).build();
    VirtualMap none =
        VirtualAddressPlanner.linux().plan(MemoryMap.of(List.of()), RegionSelection.ALL);
    assertEquals(expected(random, none, mode), Pages.of(space.tables().mappings()));
    assertEquals(List.of(), space.notMapped());
    release(space);
  }

  private FullIdentityMapBuilder builder(RandomSpace random, PagingMode mode) {
    FullIdentityMapBuilder builder = FullIdentityMap.builder(machine.tables(mode), random.map());
    random.ranges().forEach(builder::range);
    return builder;
  }

  private void release(FullIdentityMap space) {
    space.tables().release();
    assertEquals(0, machine.framesInUse());
  }

  private static List<Pages> expected(RandomSpace random, VirtualMap aliases, PagingMode mode) {
    List<Pages> all = new ArrayList<>();
    TreeSet<Long> bounds = new TreeSet<>();
    for (EfiMemoryDescriptor region : random.map().regions()) {
      bounds.add(region.physicalStart());
      bounds.add(region.physicalStart() + region.numberOfPages() * 4096);
    }
    for (MappedPages range : random.ranges()) {
      bounds.add(range.physicalStart());
      bounds.add(range.physicalStart() + range.pages() * 4096);
    }
    for (long start : bounds) {
      Pages pages = owned(random, start, bounds.higher(start), mode);
      if (pages != null) {
        all.add(pages);
      }
    }
    for (PlannedRegion region : aliases.regions()) {
      if (region.placed()) {
        all.add(
            new Pages(
                region.virtualAddress(),
                region.virtualAddress() + region.pages() * 4096 - 1,
                region.physicalAddress(),
                true,
                true,
                cacheType(region.attribute())));
      }
    }
    return Pages.joined(all);
  }

  /** What maps the pages from one bound to the next: the region, else the first range, or none. */
  private static Pages owned(RandomSpace random, long start, Long end, PagingMode mode) {
    EfiMemoryDescriptor region = random.map().regionAt(start);
    if (region != null) {
      return new Pages(start, end - 1, start, true, true, cacheType(region.attribute()));
    }
    for (MappedPages range : random.ranges()) {
      if (start >= range.physicalStart() && start < range.physicalStart() + range.pages() * 4096) {
        return new Pages(
            start,
            end - 1,
            start,
            range.attributes().writable(),
            range.attributes().executable() || mode == PagingMode.LEGACY_32,
            range.attributes().cacheType());
      }
    }
    return null;
  }

  private static CacheType cacheType(long attribute) {
    return (attribute & MemoryAttributes.WB) != 0 ? CacheType.WRITE_BACK : CacheType.UNCACHED;
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.map;

import static io.efirts.api.map.Regions.LAST_PAGE;
import static io.efirts.api.map.Regions.PAGE;
import static io.efirts.api.map.Regions.conventional;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryDescriptorArray;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryMapTest {
  @Provide
  Arbitrary<List<EfiMemoryDescriptor>> maps() {
    return Regions.maps();
  }

  private static EfiMemoryDescriptor region(long physicalStart, long pages) {
    return new EfiMemoryDescriptor(7, physicalStart, 0, pages, 8);
  }

  private static void assertRefused(String message, EfiMemoryDescriptor... regions) {
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> MemoryMap.of(List.of(regions)))
            .getMessage());
  }

  @Property(seed = "1")
  void regionsAreSorted(@ForAll("maps") List<EfiMemoryDescriptor> regions, @ForAll Random random) {
    List<EfiMemoryDescriptor> shuffled = new ArrayList<>(regions);
    Collections.shuffle(shuffled, random);

    assertEquals(regions, MemoryMap.of(shuffled).regions());
  }

  @Property(seed = "1")
  void everyAddressHasTheRegionThatHoldsIt(@ForAll("maps") List<EfiMemoryDescriptor> regions) {
    MemoryMap map = MemoryMap.of(regions);
    long before = 0;
    for (EfiMemoryDescriptor region : regions) {
      long start = region.physicalStart();
      long end = start + region.numberOfPages() * PAGE;
      if (before < start) {
        assertNull(map.regionAt(before));
        assertNull(map.regionAt(start - 1));
      }
      assertEquals(region, map.regionAt(start));
      assertEquals(region, map.regionAt(end - 1));
      before = end;
    }
    assertNull(map.regionAt(before));
    assertNull(map.regionAt(-1));
  }

  /** Page by page the merged map says the same, and nothing is left that could be merged. */
  @Property(seed = "1")
  void mergingChangesNothingButTheNumberOfRegions(
      @ForAll("maps") List<EfiMemoryDescriptor> regions) {
    MemoryMap map = MemoryMap.of(regions);

    MemoryMap merged = map.merged();

    for (EfiMemoryDescriptor region : regions) {
      EfiMemoryDescriptor in = merged.regionAt(region.physicalStart());
      assertSame(in, merged.regionAt(MemoryMapBuilder.endOf(region) - 1));
      assertEquals(region.type(), in.type());
      assertEquals(region.attribute(), in.attribute());
    }
    assertEquals(pages(regions), pages(merged.regions()));
    assertEquals(merged, merged.merged());
    for (int i = 1; i < merged.regions().size(); i++) {
      EfiMemoryDescriptor first = merged.regions().get(i - 1);
      EfiMemoryDescriptor second = merged.regions().get(i);
      assertTrue(
          MemoryMapBuilder.endOf(first) < second.physicalStart()
              || first.type() != second.type()
              || first.attribute() != second.attribute());
    }
  }

  private static long pages(List<EfiMemoryDescriptor> regions) {
    return regions.stream().mapToLong(EfiMemoryDescriptor::numberOfPages).sum();
  }

  @Test
  void absorbedNeighboursDisappear() {
    EfiMemoryDescriptor other = new EfiMemoryDescriptor(7, 6 * PAGE, 0, 1, 0xF);
    MemoryMap map =
        MemoryMap.of(List.of(conventional(0, 1), conventional(1, 2), conventional(3, 3), other));

    assertEquals(List.of(conventional(0, 6), other), map.merged().regions());
    assertNotEquals(map, map.merged());
  }

  @ParameterizedTest
  @CsvSource({"1", "0x800", "0xfff", "-1"})
  void aStartWithinAPageIsRefused(String start) {
    long physicalStart = Long.decode(start);

    assertRefused(
        "physicalStart must be a multiple of 4096: physicalStart=0x"
            + Long.toHexString(physicalStart),
        region(physicalStart, 1));
  }

  @Test
  void aRegionWithoutAPageIsRefused() {
    assertRefused(
        "region must have a page: physicalStart=0x1000, numberOfPages=0", region(PAGE, 0));
  }

  @Test
  void aRegionMayEndWithTheLastPageThatHasAnAddress() {
    assertEquals(1, MemoryMap.of(List.of(region(LAST_PAGE * PAGE, 1))).regions().size());
    assertEquals(1, MemoryMap.of(List.of(region(0, LAST_PAGE + 1))).regions().size());
  }

  @ParameterizedTest
  @CsvSource({
    "0xffffffffff000, 2",
    "0x0, 1099511627777",
    "0x10000000000000, 1",
    "0xfffffffffffff000, 1",
    "0x1000, 4503599627370495",
    "0x1000, 9223372036854775807",
    "0x1000, 18446744073709551615"
  })
  void aRegionThatEndsBeyond52BitsOrWrapsIsRefused(String start, String pages) {
    assertRefused(
        "region must end within 52 bits: physicalStart=" + start + ", numberOfPages=" + pages,
        region(Long.parseUnsignedLong(start.substring(2), 16), Long.parseUnsignedLong(pages)));
  }

  @ParameterizedTest
  @CsvSource({"10, 1", "19, 1", "9, 2", "19, 2", "0, 100", "10, 10", "12, 3", "0, 11"})
  void overlappingRegionsAreRefused(long page, long pages) {
    assertRefused(
        "regions must not overlap: physicalStart=0x%x, numberOfPages=%d, other=0xa000, otherPages=10"
            .formatted(page * PAGE, pages),
        conventional(10, 10),
        conventional(page, pages));
  }

  @ParameterizedTest
  @CsvSource({"0, 10", "9, 1", "20, 1"})
  void neighboursDoNotOverlap(long page, long pages) {
    assertEquals(
        2, MemoryMap.of(List.of(conventional(10, 10), conventional(page, pages))).regions().size());
  }

  @Test
  void whatIsRefusedLeavesTheMapAsItWas() {
    MemoryMapBuilder builder = new MemoryMapBuilder().add(conventional(10, 10));

    assertThrows(IllegalArgumentException.class, () -> builder.add(conventional(5, 6)));

    assertEquals(
        List.of(conventional(5, 5), conventional(10, 10)),
        builder.add(conventional(5, 5)).build().regions());
  }

  @Test
  void firmwaresBytesBecomeAMap() {
    MemorySegment array = MemorySegment.ofArray(new byte[2 * 56]);
    MemoryDescriptorArray.write(array, 56, List.of(conventional(7, 1), conventional(3, 2)));

    assertEquals(
        List.of(conventional(3, 2), conventional(7, 1)), MemoryMap.read(array, 56, 1).regions());
  }
}

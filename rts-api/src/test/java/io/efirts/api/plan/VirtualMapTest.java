// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A map that breaks I-21 cannot be made. */
class VirtualMapTest {
  private static final long TOP = 0xFFFF_FFFF_0000_0000L;
  private static final long BOTTOM = 0xFFFF_FFEF_0000_0000L;
  private static final long LARGE = 0x20_0000;
  private static final VirtualWindow WINDOW = new VirtualWindow(BOTTOM, TOP, LARGE);

  private static PlannedRegion region(long physicalAddress, long virtualAddress, long pages) {
    return new PlannedRegion(6, physicalAddress, virtualAddress, pages, 1L << 63, true);
  }

  private static VirtualMap map(PlannedRegion... regions) {
    return VirtualMap.of(WINDOW, List.of(regions));
  }

  private static void assertRefused(String message, PlannedRegion... regions) {
    assertEquals(
        message, assertThrows(IllegalArgumentException.class, () -> map(regions)).getMessage());
  }

  @Test
  void regionsAreInPhysicalOrder() {
    PlannedRegion low = region(0, BOTTOM, 512);
    PlannedRegion middle = new PlannedRegion(6, LARGE, 0, 1, 0, false);
    PlannedRegion high = region(2 * LARGE, BOTTOM + LARGE, 512);

    VirtualMap map = map(high, low, middle);

    assertEquals(List.of(low, middle, high), map.regions());
    assertEquals(List.of(middle), map.notPlaced());
    assertEquals(List.of(low.descriptor(), high.descriptor()), map.virtualAddressMap());
    assertEquals(
        List.of(low.descriptor(), middle.descriptor(), high.descriptor()), map.descriptors());
    assertEquals(List.of(low, high), map.runtime().regions());
  }

  @Test
  void theWholeWindowCanBeUsed() {
    assertEquals(1, map(region(0, BOTTOM, 1L << 24)).regions().size());
  }

  @Test
  void addressesOutsideTheWindowAreRefused() {
    String rule =
        "region must lie in the window: virtualAddress=%s, physicalAddress=0x0, pages=%d,"
            + " window=0xffffffef00000000-0xffffffff00000000";
    assertRefused(rule.formatted("0xffffffeeffe00000", 1), region(0, BOTTOM - LARGE, 1));
    assertRefused(rule.formatted("0xffffffff00000000", 1), region(0, TOP, 1));
    assertRefused(rule.formatted("0xfffffffeffe00000", 513), region(0, TOP - LARGE, 513));
    assertRefused(rule.formatted("0x0", 1), region(0, 0, 1));
    assertRefused(
        rule.formatted("0xffffffef00000000", (1L << 24) + 1), region(0, BOTTOM, (1L << 24) + 1));
  }

  @Test
  void addressesThatAreNotCongruentAreRefused() {
    assertRefused(
        "virtual and physical address must be congruent modulo the window's alignment:"
            + " virtualAddress=0xffffffef00001000, physicalAddress=0x0, pages=1,"
            + " alignment=0x200000",
        region(0, BOTTOM + 0x1000, 1));
    assertEquals(
        1,
        VirtualMap.of(
                new VirtualWindow(BOTTOM, TOP, 0x1000), List.of(region(0, BOTTOM + 0x1000, 1)))
            .regions()
            .size());
  }

  @Test
  void addressesThatOverlapOrDescendAreRefused() {
    String rule =
        "virtual addresses must ascend with physical ones without overlap: virtualAddress=%s,"
            + " physicalAddress=0x400000, pages=1, after virtualAddress=0xffffffef00200000,"
            + " physicalAddress=0x0, pages=513";
    PlannedRegion low = region(0, BOTTOM + LARGE, 513);

    assertRefused(
        rule.formatted("0xffffffef00400000"), low, region(2 * LARGE, BOTTOM + 2 * LARGE, 1));
    assertRefused(rule.formatted("0xffffffef00000000"), low, region(2 * LARGE, BOTTOM, 1));
  }

  @Test
  void physicalMemoryInTwoRegionsIsRefused() {
    assertRefused(
        "regions must not overlap: physicalStart=0x1000, numberOfPages=1, other=0x0, otherPages=2",
        region(0, BOTTOM, 2),
        region(0x1000, BOTTOM + LARGE + 0x1000, 1));
  }

  @Test
  void onlyAPlacedRegionHasAnAddress() {
    assertEquals(
        "virtualAddress must be 0 where a region is not placed:"
            + " virtualAddress=0xffffffef00000000, physicalAddress=0x1000",
        assertThrows(
                IllegalArgumentException.class,
                () -> new PlannedRegion(6, 0x1000, BOTTOM, 1, 0, false))
            .getMessage());
  }

  @Test
  void aWindowHasWholeAlignedUnits() {
    for (long[] bounds : new long[][] {{0, 0}, {LARGE, LARGE}, {LARGE, 0}, {1, LARGE}, {0, 4096}}) {
      assertRefusedWindow(
          "window must not be empty and end on multiples of its alignment: ",
          bounds[0],
          bounds[1],
          LARGE);
    }
    assertEquals(4096, new VirtualWindow(0, 4096, 4096).top());
  }

  @Test
  void aWindowsAlignmentIsAPageOrALargerPowerOf2() {
    for (long alignment : new long[] {0, 1, 2048, 4097, 3 * 4096, -4096}) {
      assertRefusedWindow(
          "window alignment must be a power of 2 and at least 4096: alignment=0x"
              + Long.toHexString(alignment),
          0,
          3L << 32,
          alignment);
    }
  }

  private static void assertRefusedWindow(String message, long bottom, long top, long alignment) {
    assertTrue(
        assertThrows(
                IllegalArgumentException.class, () -> new VirtualWindow(bottom, top, alignment))
            .getMessage()
            .startsWith(message));
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A map that breaks I-21 cannot be made. */
class VirtualMapTest {
  private static final long BOTTOM = 0x2000_0000;
  private static final long TOP = 0x10_0000_0000L;
  private static final long KIB_64 = VirtualWindow.ALIGNMENT;

  private static PlannedRegion region(long physicalAddress, long virtualAddress, long pages) {
    return new PlannedRegion(6, physicalAddress, virtualAddress, pages, 1L << 63, true);
  }

  private static VirtualMap map(PlannedRegion... regions) {
    return VirtualMap.of(VirtualWindow.LINUX, List.of(regions));
  }

  private static void assertRefused(String message, PlannedRegion... regions) {
    assertEquals(
        message, assertThrows(IllegalArgumentException.class, () -> map(regions)).getMessage());
  }

  @Test
  void regionsAreInPhysicalOrder() {
    PlannedRegion low = region(0, BOTTOM, 16);
    PlannedRegion middle = new PlannedRegion(6, KIB_64, 0, 1, 0, false);
    PlannedRegion high = region(2 * KIB_64, BOTTOM + KIB_64, 16);

    VirtualMap map = map(high, low, middle);

    assertEquals(VirtualWindow.LINUX, map.window());
    assertEquals(List.of(low, middle, high), map.regions());
    assertEquals(List.of(middle), map.notPlaced());
    assertEquals(List.of(low.descriptor(), high.descriptor()), map.virtualAddressMap());
    assertEquals(
        List.of(low.descriptor(), middle.descriptor(), high.descriptor()), map.descriptors());
  }

  @Test
  void theWholeWindowCanBeUsed() {
    assertEquals(1, map(region(0, BOTTOM, (TOP - BOTTOM) / 4096)).regions().size());
  }

  @Test
  void addressesOutsideTheWindowAreRefused() {
    String rule =
        "region must lie in the window: virtualAddress=%s, physicalAddress=0x0, pages=%d,"
            + " window=0x20000000-0x1000000000";
    assertRefused(rule.formatted("0x1fff0000", 1), region(0, BOTTOM - KIB_64, 1));
    assertRefused(rule.formatted("0x1000000000", 1), region(0, TOP, 1));
    assertRefused(rule.formatted("0xfffff0000", 17), region(0, TOP - KIB_64, 17));
    assertRefused(rule.formatted("0x0", 1), region(0, 0, 1));
    assertRefused(rule.formatted("0xffffffffffffffff", 1), region(0, -1, 1));
  }

  @Test
  void addressesThatAreNotCongruentAreRefused() {
    assertRefused(
        "virtual and physical address must be congruent modulo 64 KiB:"
            + " virtualAddress=0x20001000, physicalAddress=0x0, pages=1",
        region(0, BOTTOM + 0x1000, 1));
  }

  @Test
  void addressesThatOverlapOrDescendAreRefused() {
    String rule =
        "virtual addresses must ascend with physical ones without overlap: virtualAddress=%s,"
            + " physicalAddress=0x40000, pages=1, after virtualAddress=0x20010000,"
            + " physicalAddress=0x0, pages=17";
    PlannedRegion low = region(0, BOTTOM + KIB_64, 17);

    assertRefused(rule.formatted("0x20020000"), low, region(4 * KIB_64, BOTTOM + 2 * KIB_64, 1));
    assertRefused(rule.formatted("0x20000000"), low, region(4 * KIB_64, BOTTOM, 1));
  }

  @Test
  void physicalMemoryInTwoRegionsIsRefused() {
    assertRefused(
        "regions must not overlap: physicalStart=0x1000, numberOfPages=1, other=0x0, otherPages=2",
        region(0, BOTTOM, 2),
        region(0x1000, BOTTOM + KIB_64 + 0x1000, 1));
  }

  @Test
  void onlyAPlacedRegionHasAnAddress() {
    assertEquals(
        "virtualAddress must be 0 where a region is not placed:"
            + " virtualAddress=0x20000000, physicalAddress=0x1000",
        assertThrows(
                IllegalArgumentException.class,
                () -> new PlannedRegion(6, 0x1000, BOTTOM, 1, 0, false))
            .getMessage());
  }

  @Test
  void aWindowHasWholePagesOfTheLowerHalf() {
    for (long[] bounds :
        new long[][] {
          {0, 0},
          {KIB_64, KIB_64},
          {KIB_64, 0},
          {1, KIB_64},
          {0, 4096},
          {-KIB_64, KIB_64},
          {0, (1L << 48) + KIB_64}
        }) {
      assertTrue(
          assertThrows(
                  IllegalArgumentException.class, () -> new VirtualWindow(bounds[0], bounds[1]))
              .getMessage()
              .startsWith("window must not be empty and end on multiples of 64 KiB below 2^48: "));
    }
    assertEquals(1L << 48, new VirtualWindow(0, 1L << 48).top());
  }
}

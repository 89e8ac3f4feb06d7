// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.plan;

import static io.efirts.x86.plan.Maps.LARGE_PAGES;
import static io.efirts.x86.plan.Maps.PAGE;
import static io.efirts.x86.plan.Maps.map;
import static io.efirts.x86.plan.Maps.region;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.map.MemoryMap;
import io.efirts.api.plan.PlannedRegion;
import io.efirts.api.plan.VirtualMap;
import io.efirts.api.plan.VirtualWindow;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryType;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * Virtual addresses are in the window, disjoint, in order and congruent; running out is told
 * (I-21).
 */
class VirtualAddressPlannerTest {
  private static final long LARGE = VirtualAddressPlanner.ALIGNMENT;

  /** 64 MiB, so that many maps do not fit. */
  private static final VirtualWindow SMALL =
      VirtualAddressPlanner.window(0xFFFF_FFFE_0000_0000L, 0xFFFF_FFFE_0400_0000L);

  @Provide
  Arbitrary<MemoryMap> maps() {
    return Maps.maps();
  }

  private static void assertPromises(VirtualMap plan, VirtualWindow window) {
    long end = window.bottom();
    long physicalEnd = 0;
    for (PlannedRegion region : plan.regions()) {
      assertTrue(region.physicalAddress() >= physicalEnd);
      physicalEnd = region.physicalAddress() + region.pages() * PAGE;
      if (region.placed()) {
        assertTrue(Long.compareUnsigned(region.virtualAddress(), end) >= 0);
        assertEquals(
            region.physicalAddress() % LARGE, Math.floorMod(region.virtualAddress(), LARGE));
        end = region.virtualAddress() + region.pages() * PAGE;
      }
    }
    assertTrue(Long.compareUnsigned(end, window.top()) <= 0);
  }

  private static void assertAllThere(MemoryMap map, RegionSelection selection, VirtualMap plan) {
    List<EfiMemoryDescriptor> selected =
        map.merged().regions().stream().filter(selection::includes).toList();
    assertEquals(
        selected,
        plan.regions().stream()
            .map(
                r ->
                    new EfiMemoryDescriptor(
                        r.type(), r.physicalAddress(), 0, r.pages(), r.attribute()))
            .toList());
    assertEquals(plan.regions().size(), plan.virtualAddressMap().size() + plan.notPlaced().size());
  }

  @Property(seed = "1", tries = 10_000)
  void topDown(@ForAll("maps") MemoryMap map, @ForAll RegionSelection selection) {
    for (VirtualWindow window : List.of(VirtualAddressPlanner.LINUX_WINDOW, SMALL)) {
      VirtualMap plan = VirtualAddressPlanner.topDown(window).plan(map, selection);

      assertPromises(plan, window);
      assertAllThere(map, selection, plan);
      assertRunningOutEndsThePlan(plan, window);
    }
  }

  /**
   * Regions without a place are the lowest ones, and the first of them, the highest, would not even
   * fit at the lowest place that is congruent to it.
   */
  private static void assertRunningOutEndsThePlan(VirtualMap plan, VirtualWindow window) {
    List<PlannedRegion> notPlaced = plan.notPlaced();
    assertEquals(notPlaced, plan.regions().subList(0, notPlaced.size()));
    if (notPlaced.isEmpty()) {
      return;
    }
    PlannedRegion region = notPlaced.getLast();
    long lowestPlaced =
        notPlaced.size() == plan.regions().size()
            ? window.top()
            : plan.regions().get(notPlaced.size()).virtualAddress();
    long lowest = window.bottom() + region.physicalAddress() % LARGE;
    assertTrue(
        Long.compareUnsigned(lowest, lowestPlaced) > 0
            || Long.compareUnsigned(region.lengthBytes(), lowestPlaced - lowest) > 0,
        () -> region + " would have fit below " + Long.toHexString(lowestPlaced));
  }

  @Property(seed = "1", tries = 10_000)
  void fixedOffset(@ForAll("maps") MemoryMap map, @ForAll RegionSelection selection) {
    VirtualMap plan = VirtualAddressPlanner.fixedOffset().plan(map, selection);

    assertPromises(plan, plan.window());
    assertAllThere(map, selection, plan);
    for (PlannedRegion region : plan.regions()) {
      assertTrue(region.placed());
      assertEquals(0x4000_0000_0000L, region.virtualAddress() - region.physicalAddress());
    }
  }

  /** What one plan exports, a successor plans again. */
  @Property(seed = "1", tries = 10_000)
  void successor(@ForAll("maps") MemoryMap map, @ForAll RegionSelection selection) {
    VirtualMap plan = VirtualAddressPlanner.topDown(SMALL).plan(map, selection);

    VirtualMap successor =
        VirtualAddressPlanner.successor(SMALL)
            .plan(MemoryMap.of(plan.descriptors()), RegionSelection.ALL);

    assertEquals(plan.regions(), successor.regions());
  }

  private static long[] addresses(VirtualWindow window, EfiMemoryDescriptor... regions) {
    return VirtualAddressPlanner.topDown(window)
        .plan(map(regions), RegionSelection.RUNTIME)
        .regions()
        .stream()
        .mapToLong(PlannedRegion::virtualAddress)
        .toArray();
  }

  private static void assertPlaced(long[] expected, EfiMemoryDescriptor... regions) {
    assertArrayEquals(expected, addresses(SMALL, regions));
  }

  @Test
  void anAlignedRegionIsRoundedDown() {
    assertPlaced(new long[] {SMALL.top() - LARGE}, region(LARGE, 1));
    assertPlaced(new long[] {SMALL.top() - LARGE}, region(0, LARGE_PAGES));
    assertPlaced(new long[] {SMALL.top() - 2 * LARGE}, region(0, LARGE_PAGES + 1));
  }

  @Test
  void anotherKeepsItsPlaceWithin2Mib() {
    assertPlaced(new long[] {SMALL.top() - PAGE}, region(LARGE - PAGE, 1));
    assertPlaced(new long[] {SMALL.top() - LARGE + PAGE}, region(PAGE, 1));
  }

  /** Two pages from the last of a large page on: the same large page would be a step up. */
  @Test
  void whatWouldMoveUpGoes2MibDown() {
    assertPlaced(new long[] {SMALL.top() - LARGE - PAGE}, region(LARGE - PAGE, 2));
  }

  @Test
  void regionsInOneLargePageStayInOne() {
    assertPlaced(
        new long[] {SMALL.top() - LARGE + 5 * PAGE, SMALL.top() - LARGE + 9 * PAGE},
        region(5 * PAGE, 2),
        region(9 * PAGE, 1));
  }

  @Test
  void aWindowCanBeFilledToTheLastPage() {
    assertPlaced(new long[] {SMALL.bottom()}, region(LARGE, 32 * LARGE_PAGES));
    assertPlaced(
        new long[] {SMALL.bottom(), SMALL.bottom() + 16 * LARGE},
        region(0, 16 * LARGE_PAGES),
        region(64 * LARGE, 16 * LARGE_PAGES));
  }

  @Test
  void onePageMoreHasNoPlace() {
    EfiMemoryDescriptor tooLong = region(LARGE, 32 * LARGE_PAGES + 1);

    VirtualMap plan =
        VirtualAddressPlanner.topDown(SMALL).plan(map(tooLong), RegionSelection.RUNTIME);

    assertEquals(List.of(PlannedRegion.notPlaced(tooLong)), plan.notPlaced());
    assertEquals(List.of(), plan.virtualAddressMap());
    assertEquals(0, plan.regions().getFirst().virtualAddress());
    assertFalse(plan.regions().getFirst().placed());
  }

  /** As many pages as the window has, but its alignment leaves no room. */
  @Test
  void theStepToTheRightPlaceMayBeOneTooFar() {
    VirtualMap plan =
        VirtualAddressPlanner.topDown(SMALL)
            .plan(map(region(PAGE, 32 * LARGE_PAGES)), RegionSelection.RUNTIME);

    assertEquals(1, plan.notPlaced().size());
  }

  /** Linux goes on from beyond the window, and so finds no place for what would have fit. */
  @Test
  void afterARegionWithoutRoomNoneIsPlaced() {
    VirtualMap plan =
        VirtualAddressPlanner.topDown(SMALL)
            .plan(
                map(region(0, 1), region(LARGE, 32 * LARGE_PAGES), region(100 * LARGE, 1)),
                RegionSelection.RUNTIME);

    assertEquals(
        List.of(false, false, true), plan.regions().stream().map(PlannedRegion::placed).toList());
  }

  @Test
  void neighboursAreMergedBeforeTheyArePlaced() {
    assertPlaced(new long[] {SMALL.top() - 2 * LARGE}, region(0, 512), region(512 * PAGE, 1));
  }

  @Test
  void aFixedOffsetOutsideTheWindowHasNoPlace() {
    EfiMemoryDescriptor inside = region((1L << 46) - PAGE, 1);
    EfiMemoryDescriptor outside = region(1L << 46, 1);

    VirtualMap plan =
        VirtualAddressPlanner.fixedOffset()
            .plan(
                MemoryMap.of(List.of(inside, withType(outside, MemoryType.RUNTIME_SERVICES_CODE))),
                RegionSelection.RUNTIME);

    assertEquals((1L << 47) - PAGE, plan.regions().getFirst().virtualAddress());
    assertFalse(plan.regions().getLast().placed());
  }

  private static EfiMemoryDescriptor withType(EfiMemoryDescriptor region, int type) {
    return new EfiMemoryDescriptor(
        type, region.physicalStart(), 0, region.numberOfPages(), region.attribute());
  }

  @Test
  void mixedModeIsIdentityBelow4Gib() {
    VirtualMap plan =
        VirtualAddressPlanner.mixedMode()
            .plan(
                map(region(0xFFFF_F000L, 1), region(0x1_0000_1000L, 1)),
                RegionSelection.MIXED_MODE);

    assertEquals(0xFFFF_F000L, plan.regions().getFirst().virtualAddress());
    assertFalse(plan.regions().getLast().placed());
  }

  @Test
  void anOffsetThatLosesTheAlignmentIsRefused() {
    assertEquals(
        "offset must be a multiple of the window's alignment: offset=0x1000, alignment=0x200000",
        assertThrows(
                IllegalArgumentException.class,
                () -> VirtualAddressPlanner.fixedOffset(SMALL, 0x1000))
            .getMessage());
  }

  /** A virtual address of 0 is that of a region which the first kernel could not place. */
  @Test
  void aSuccessorLeavesOutWhatHasNoAddress() {
    VirtualMap plan =
        VirtualAddressPlanner.successor(SMALL).plan(map(region(PAGE, 1)), RegionSelection.ALL);

    assertEquals(1, plan.notPlaced().size());
  }

  @Test
  void aSuccessorRefusesAddressesThatCannotBe() {
    EfiMemoryDescriptor outside =
        new EfiMemoryDescriptor(6, LARGE, 0xFFFF_FFFF_0000_0000L, 1, 1L << 63);

    assertThrows(
        IllegalArgumentException.class,
        () ->
            VirtualAddressPlanner.successor(VirtualAddressPlanner.LINUX_WINDOW)
                .plan(map(outside), RegionSelection.ALL));
  }

  @Test
  void aWindowHasWholeLargePages() {
    assertEquals(LARGE, VirtualAddressPlanner.LINUX_WINDOW.alignment());
    assertThrows(IllegalArgumentException.class, () -> VirtualAddressPlanner.window(0, LARGE / 2));
    VirtualWindow smallPages = new VirtualWindow(0, 1L << 32, 0x1000);
    for (Executable planner :
        List.<Executable>of(
            () -> VirtualAddressPlanner.topDown(smallPages),
            () -> VirtualAddressPlanner.fixedOffset(smallPages, 0),
            () -> VirtualAddressPlanner.successor(smallPages))) {
      assertEquals(
          "window must be aligned to 2 MiB or more: window=0x0-0x100000000, alignment=0x1000",
          assertThrows(IllegalArgumentException.class, planner).getMessage());
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.plan;

import static io.efirts.arm64.plan.Maps.PAGE;
import static io.efirts.arm64.plan.Maps.PAGES_OF_2_MIB;
import static io.efirts.arm64.plan.Maps.PAGES_OF_64_KIB;
import static io.efirts.arm64.plan.Maps.map;
import static io.efirts.arm64.plan.Maps.region;
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
import io.efirts.api.spec.MemoryAttributes;
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
  private static final long KIB_64 = 0x1_0000;
  private static final long MIB_2 = 0x20_0000;
  private static final long BOTTOM = 0x2000_0000;

  /** 64 MiB, so that many maps do not fit. */
  private static final VirtualWindow SMALL =
      VirtualAddressPlanner.window(BOTTOM, BOTTOM + 0x400_0000);

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
        assertTrue(region.virtualAddress() >= end);
        assertEquals(region.physicalAddress() % KIB_64, region.virtualAddress() % KIB_64);
        end = region.virtualAddress() + region.pages() * PAGE;
      }
    }
    assertTrue(end <= window.top());
  }

  private static void assertAllThere(MemoryMap map, VirtualMap plan) {
    assertEquals(
        map.regions().stream().filter(EfiMemoryDescriptor::isRuntime).toList(),
        plan.regions().stream()
            .map(
                r ->
                    new EfiMemoryDescriptor(
                        r.type(), r.physicalAddress(), 0, r.pages(), r.attribute()))
            .toList());
    assertEquals(plan.regions().size(), plan.virtualAddressMap().size() + plan.notPlaced().size());
  }

  @Property(seed = "1", tries = 10_000)
  void bottomUp(@ForAll("maps") MemoryMap map) {
    for (VirtualWindow window : List.of(VirtualAddressPlanner.LINUX_WINDOW, SMALL)) {
      VirtualMap plan = VirtualAddressPlanner.bottomUp(window).plan(map);

      assertPromises(plan, window);
      assertAllThere(map, plan);
      assertPagesOfTheirOwn(plan);
      assertRunningOutEndsThePlan(plan, window);
    }
  }

  /** A host with pages of 64 KiB gives each region its own permissions, if it starts on one. */
  private static void assertPagesOfTheirOwn(VirtualMap plan) {
    long lastPage = -1;
    for (PlannedRegion region : plan.regions()) {
      if (region.placed()) {
        assertTrue(region.virtualAddress() / KIB_64 > lastPage);
        lastPage = (region.virtualAddress() + region.lengthBytes() - 1) / KIB_64;
        boolean large = region.lengthBytes() >= MIB_2 && region.physicalAddress() % MIB_2 == 0;
        assertTrue(!large || region.virtualAddress() % MIB_2 == 0);
      }
    }
  }

  /**
   * Regions without a place are the highest ones, and the first of them would not fit at the lowest
   * place that is right for it.
   */
  private static void assertRunningOutEndsThePlan(VirtualMap plan, VirtualWindow window) {
    int placed = plan.virtualAddressMap().size();
    assertEquals(plan.notPlaced(), plan.regions().subList(placed, plan.regions().size()));
    if (plan.notPlaced().isEmpty()) {
      return;
    }
    long end = window.bottom();
    if (placed > 0) {
      PlannedRegion last = plan.regions().get(placed - 1);
      end = last.virtualAddress() + last.lengthBytes();
    }
    PlannedRegion region = plan.notPlaced().getFirst();
    boolean large = region.lengthBytes() >= MIB_2 && region.physicalAddress() % MIB_2 == 0;
    long unit = large ? MIB_2 : KIB_64;
    long start = (end + unit - 1) / unit * unit + region.physicalAddress() % KIB_64;
    assertTrue(start + region.lengthBytes() > window.top(), () -> region + " would have fit");
  }

  @Property(seed = "1", tries = 1_000)
  void identity(@ForAll("maps") MemoryMap map) {
    VirtualMap plan = VirtualAddressPlanner.identity().plan(map);

    assertPromises(plan, plan.window());
    assertAllThere(map, plan);
    for (PlannedRegion region : plan.regions()) {
      assertTrue(region.placed());
      assertEquals(region.physicalAddress(), region.virtualAddress());
    }
  }

  /** What one plan exports, a successor plans again. */
  @Property(seed = "1", tries = 10_000)
  void successor(@ForAll("maps") MemoryMap map) {
    VirtualMap plan = VirtualAddressPlanner.bottomUp(SMALL).plan(map);

    VirtualMap successor =
        VirtualAddressPlanner.successor(SMALL).plan(MemoryMap.of(plan.descriptors()));

    assertEquals(plan.regions(), successor.regions());
  }

  private static void assertPlaced(long[] expected, EfiMemoryDescriptor... regions) {
    assertArrayEquals(
        expected,
        VirtualAddressPlanner.bottomUp(SMALL).plan(map(regions)).regions().stream()
            .mapToLong(PlannedRegion::virtualAddress)
            .toArray());
  }

  @Test
  void theFirstIsAtTheBottom() {
    assertPlaced(new long[] {BOTTOM}, region(0, 1));
    assertPlaced(new long[] {BOTTOM}, region(7 * KIB_64, 1));
    assertEquals(
        0x2000_0000L,
        VirtualAddressPlanner.linux()
            .plan(map(region(0, 1)))
            .regions()
            .getFirst()
            .virtualAddress());
  }

  @Test
  void placesWithin64KibAreKept() {
    assertPlaced(new long[] {BOTTOM + PAGE}, region(PAGE, 1));
    assertPlaced(new long[] {BOTTOM + 15 * PAGE}, region(3 * KIB_64 + 15 * PAGE, 3));
  }

  /** Also where they share one physically. */
  @Test
  void everyRegionHas64KibPagesOfItsOwn() {
    assertPlaced(
        new long[] {BOTTOM, BOTTOM + KIB_64 + PAGE, BOTTOM + 2 * KIB_64 + 2 * PAGE},
        region(0, 1),
        region(PAGE, 1),
        region(2 * PAGE, PAGES_OF_64_KIB - 2));
    assertPlaced(
        new long[] {BOTTOM, BOTTOM + KIB_64}, region(0, PAGES_OF_64_KIB), region(KIB_64, 1));
    assertPlaced(
        new long[] {BOTTOM, BOTTOM + 2 * KIB_64},
        region(0, PAGES_OF_64_KIB + 1),
        region(2 * KIB_64, 1));
  }

  @Test
  void largeAlignedRegionsStartOn2Mib() {
    assertPlaced(new long[] {BOTTOM, BOTTOM + MIB_2}, region(0, 1), region(MIB_2, PAGES_OF_2_MIB));
    assertPlaced(
        new long[] {BOTTOM, BOTTOM + KIB_64}, region(0, 1), region(MIB_2, PAGES_OF_2_MIB - 1));
    assertPlaced(
        new long[] {BOTTOM, BOTTOM + KIB_64}, region(0, 1), region(MIB_2 + KIB_64, PAGES_OF_2_MIB));
  }

  @Test
  void aWindowCanBeFilledToTheLastPage() {
    assertPlaced(new long[] {BOTTOM}, region(MIB_2, 32 * PAGES_OF_2_MIB));
    assertPlaced(
        new long[] {BOTTOM, BOTTOM + 16 * MIB_2},
        region(0, 16 * PAGES_OF_2_MIB),
        region(64 * MIB_2, 16 * PAGES_OF_2_MIB));
  }

  @Test
  void onePageMoreHasNoPlace() {
    EfiMemoryDescriptor tooLong = region(MIB_2, 32 * PAGES_OF_2_MIB + 1);

    VirtualMap plan = VirtualAddressPlanner.bottomUp(SMALL).plan(map(tooLong));

    assertEquals(List.of(PlannedRegion.notPlaced(tooLong)), plan.notPlaced());
    assertEquals(List.of(), plan.virtualAddressMap());
    assertEquals(0, plan.regions().getFirst().virtualAddress());
    assertFalse(plan.regions().getFirst().placed());
  }

  /** As many pages as the window has, but not from its first one on. */
  @Test
  void thePlaceWithin64KibMayBeOnePageTooFar() {
    VirtualMap plan =
        VirtualAddressPlanner.bottomUp(SMALL).plan(map(region(PAGE, 32 * PAGES_OF_2_MIB)));

    assertEquals(1, plan.notPlaced().size());
  }

  @Test
  void afterARegionWithoutRoomNoneIsPlaced() {
    VirtualMap plan =
        VirtualAddressPlanner.bottomUp(SMALL)
            .plan(map(region(0, 1), region(MIB_2, 32 * PAGES_OF_2_MIB), region(100 * MIB_2, 1)));

    assertEquals(
        List.of(true, false, false), plan.regions().stream().map(PlannedRegion::placed).toList());
  }

  @Test
  void onlyRuntimeRegionsArePlanned() {
    EfiMemoryDescriptor boot =
        new EfiMemoryDescriptor(MemoryType.BOOT_SERVICES_DATA, 0, 0, 16, MemoryAttributes.WB);

    assertEquals(
        List.of(0x10_0000L),
        VirtualAddressPlanner.linux().plan(map(boot, region(0x10_0000, 1))).regions().stream()
            .map(PlannedRegion::physicalAddress)
            .toList());
  }

  @Test
  void aFixedOffsetOutsideTheWindowHasNoPlace() {
    VirtualMap plan =
        VirtualAddressPlanner.fixedOffset(SMALL, 0x1000_0000)
            .plan(
                map(
                    region(0x0FFF_F000, 1),
                    region(0x1000_0000, 1),
                    region(0x13FF_F000, 1),
                    region(0x1400_0000, 1)));

    assertEquals(
        List.of(false, true, true, false),
        plan.regions().stream().map(PlannedRegion::placed).toList());
    assertEquals(0x23FF_F000L, plan.regions().get(2).virtualAddress());
  }

  @Test
  void identityEndsWithTheAddressSpace() {
    VirtualMap plan = VirtualAddressPlanner.identity().plan(map(region((1L << 52) - PAGE, 1)));

    assertEquals((1L << 52) - PAGE, plan.regions().getFirst().virtualAddress());
  }

  @Test
  void anOffsetThatLosesTheAlignmentIsRefused() {
    assertEquals(
        "offset must be a multiple of the window's alignment: offset=0x1000, alignment=0x10000",
        assertThrows(
                IllegalArgumentException.class,
                () -> VirtualAddressPlanner.fixedOffset(SMALL, 0x1000))
            .getMessage());
  }

  /** A virtual address of 0 is that of a region which the first kernel could not place. */
  @Test
  void aSuccessorLeavesOutWhatHasNoAddress() {
    VirtualMap plan = VirtualAddressPlanner.successor(SMALL).plan(map(region(PAGE, 1)));

    assertEquals(1, plan.notPlaced().size());
  }

  /** All ones is what Linux leaves behind when SetVirtualAddressMap has failed. */
  @Test
  void aSuccessorRefusesAddressesThatCannotBe() {
    for (long address :
        new long[] {-1, 0x1FFF_0000, VirtualAddressPlanner.LINUX_WINDOW.top(), BOTTOM + PAGE}) {
      EfiMemoryDescriptor wrong = new EfiMemoryDescriptor(6, MIB_2, address, 1, 1L << 63);
      VirtualAddressPlanner planner =
          VirtualAddressPlanner.successor(VirtualAddressPlanner.LINUX_WINDOW);
      assertThrows(IllegalArgumentException.class, () -> planner.plan(map(wrong)));
    }
  }

  @Test
  void aWindowHasPagesOfEveryGranuleInTheLowerHalf() {
    String rule =
        "window must be aligned to 64 KiB or more and end at 2^52 or below: window=%s,"
            + " alignment=%s";
    assertEquals(1L << 52, VirtualAddressPlanner.window(0, 1L << 52).top());
    assertEquals(
        rule.formatted("0x0-0x10000000010000", "0x10000"),
        assertThrows(
                IllegalArgumentException.class,
                () -> VirtualAddressPlanner.window(0, (1L << 52) + 0x1_0000))
            .getMessage());
    VirtualWindow smallPages = new VirtualWindow(0, 1L << 32, 0x1000);
    VirtualWindow upperHalf = new VirtualWindow(-0x4000_0000L, -0x1_0000L, 0x1_0000);
    for (VirtualWindow window : List.of(smallPages, upperHalf)) {
      String message =
          rule.formatted(window.toString(), "0x" + Long.toHexString(window.alignment()));
      for (Executable planner :
          List.<Executable>of(
              () -> VirtualAddressPlanner.bottomUp(window),
              () -> VirtualAddressPlanner.fixedOffset(window, 0),
              () -> VirtualAddressPlanner.successor(window))) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, planner).getMessage());
      }
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.space;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.map.MappedPages;
import io.efirts.api.map.MissingDescriptor;
import io.efirts.api.map.RuntimePermissions;
import io.efirts.api.memory.Access;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.memory.Translation;
import io.efirts.api.plan.PlannedRegion;
import io.efirts.api.plan.VirtualMap;
import io.efirts.api.plan.VirtualWindow;
import io.efirts.api.spec.EfiMemoryAttributesTable;
import io.efirts.arm64.paging.Granule;
import io.efirts.arm64.paging.PageTablesBuilder;
import io.efirts.arm64.plan.VirtualAddressPlanner;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Tables of random memory maps, walked back, are the map: every region at its virtual address
 * (I-21) and at its physical one, the same frames with the same permissions (I-22), rounded outward
 * to granules, and nothing else. After SetVirtualAddressMap boot services memory is gone (I-25) and
 * what is left has lost what the memory attributes say. No frame stays behind.
 */
class EfiAddressSpacePropertyTest {
  private static final long TIB = 1L << 40;

  /** Above all memory, so that no virtual address is some other memory's physical one. */
  private static final VirtualWindow UPPER_HALF =
      VirtualAddressPlanner.window(128 * TIB, 256 * TIB);

  private static final VirtualWindow UPPER_HALF_OF_52_BITS =
      VirtualAddressPlanner.window(1L << 51, 1L << 52);

  /** So small that many maps do not fit. */
  private static final VirtualWindow UPPER_128_MIB =
      VirtualAddressPlanner.window((1L << 36) - (128L << 20), 1L << 36);

  private final Map<Granule, TableMachine> machines =
      Map.of(
          Granule.FOUR_KIB, new TableMachine(Granule.FOUR_KIB, 2_048),
          Granule.SIXTEEN_KIB, new TableMachine(Granule.SIXTEEN_KIB, 512),
          Granule.SIXTY_FOUR_KIB, new TableMachine(Granule.SIXTY_FOUR_KIB, 128));

  @Provide
  Arbitrary<RandomSpace> below64TiB() {
    return RandomSpace.below(64 * TIB);
  }

  @Provide
  Arbitrary<RandomSpace> below2PiB() {
    return RandomSpace.below(1L << 51);
  }

  @Provide
  Arbitrary<RandomSpace> below32GiB() {
    return RandomSpace.below(1L << 35);
  }

  @Property(seed = "61", tries = 3_000, edgeCases = EdgeCasesMode.NONE)
  void pagesOf4KiB(@ForAll("below64TiB") RandomSpace space) {
    check(Granule.FOUR_KIB, 48, VirtualAddressPlanner.bottomUp(UPPER_HALF), space);
  }

  @Property(seed = "62", tries = 2_500, edgeCases = EdgeCasesMode.NONE)
  void pagesOf16KiB(@ForAll("below64TiB") RandomSpace space) {
    check(Granule.SIXTEEN_KIB, 48, VirtualAddressPlanner.bottomUp(UPPER_HALF), space);
  }

  @Property(seed = "63", tries = 2_500, edgeCases = EdgeCasesMode.NONE)
  void pagesOf64KiB(@ForAll("below64TiB") RandomSpace space) {
    check(Granule.SIXTY_FOUR_KIB, 48, VirtualAddressPlanner.bottomUp(UPPER_HALF), space);
  }

  /** Neighbours share granules at both addresses. */
  @Property(seed = "64", tries = 1_000, edgeCases = EdgeCasesMode.NONE)
  void pagesOf64KiBAtAFixedOffset(@ForAll("below64TiB") RandomSpace space) {
    check(
        Granule.SIXTY_FOUR_KIB,
        48,
        VirtualAddressPlanner.fixedOffset(UPPER_HALF, 128 * TIB),
        space);
  }

  @Property(seed = "65", tries = 500, edgeCases = EdgeCasesMode.NONE)
  void whereVirtualIsPhysical(@ForAll("below64TiB") RandomSpace space) {
    check(Granule.SIXTEEN_KIB, 48, VirtualAddressPlanner.identity(), space);
  }

  @Property(seed = "66", tries = 500, edgeCases = EdgeCasesMode.NONE)
  void theSmallestAddressSpaces(@ForAll("below32GiB") RandomSpace space) {
    for (Granule granule : Granule.values()) {
      check(granule, 36, VirtualAddressPlanner.bottomUp(UPPER_128_MIB), space);
    }
  }

  /** With addresses of 52 bits, virtual and physical. */
  @Property(seed = "67", tries = 500, edgeCases = EdgeCasesMode.NONE)
  void theLargestAddressSpaces(@ForAll("below2PiB") RandomSpace space) {
    for (Granule granule : Granule.values()) {
      check(granule, 52, VirtualAddressPlanner.bottomUp(UPPER_HALF_OF_52_BITS), space);
    }
  }

  /** With the contiguous hint. */
  @Property(seed = "68", tries = 300, edgeCases = EdgeCasesMode.NONE)
  void inRuns(@ForAll("below64TiB") RandomSpace space) {
    for (Granule granule : Granule.values()) {
      PageTablesBuilder tables = machines.get(granule).tables().contiguous();
      check(granule, tables, VirtualAddressPlanner.bottomUp(UPPER_HALF), space);
    }
  }

  private void check(
      Granule granule, int virtualBits, VirtualAddressPlanner planner, RandomSpace random) {
    check(granule, machines.get(granule).tables(virtualBits), planner, random);
  }

  private void check(
      Granule granule,
      PageTablesBuilder tables,
      VirtualAddressPlanner planner,
      RandomSpace random) {
    TableMachine machine = machines.get(granule);
    VirtualMap plan = Regions.planOfAll(planner, random.map());
    EfiAddressSpaceBuilder builder = EfiAddressSpace.builder(tables, plan).memoryMap(random.map());
    random.ranges().forEach(builder::range);
    EfiAddressSpace space = builder.build();
    assertMapped(space, plan, random, false);

    space.virtualAddressMapSet(permissions(random)).flush();
    assertMapped(space, plan, random, true);
    for (PlannedRegion region : plan.regions()) {
      if (space.plan().regions().contains(region)) {
        assertAlike(space, region);
      } else {
        assertGone(space, region);
      }
    }
    space.tables().release();
    assertEquals(0, machine.framesInUse());
  }

  private static RuntimePermissions permissions(RandomSpace random) {
    RuntimePermissions permissions =
        RuntimePermissions.of(
            new EfiMemoryAttributesTable(2, 0, random.attributes()), random.map());
    assertEquals(List.of(), permissions.rejected());
    return permissions;
  }

  private static void assertMapped(
      EfiAddressSpace space, VirtualMap plan, RandomSpace random, boolean after) {
    long granule = space.tables().mode().granule().bytes();
    List<Pages> expected =
        new ExpectedPages(granule, plan.regions(), random.ranges(), random.attributes(), after)
            .all();
    assertEquals(expected, Pages.of(space.tables().mappings()));
    // The virtual addresses lead to the same frames.
    long wrong =
        expected.stream()
            .filter(pages -> pages.first() == pages.physical())
            .filter(pages -> pages.writable() && pages.executable())
            .mapToLong(pages -> pages.last() - pages.first() + 1)
            .sum();
    long reported = space.writableAndExecutable().stream().mapToLong(MappedPages::pages).sum();
    assertEquals(wrong, reported * 4096);
    assertReported(space, granule);
  }

  /** Shared granules are told, each with what lies in it. */
  private static void assertReported(EfiAddressSpace space, long granule) {
    assertTrue(granule > 4096 || space.sharedGranules().isEmpty());
    for (SharedGranule shared : space.sharedGranules()) {
      assertEquals(0, shared.physicalStart() % granule);
      assertFalse(shared.parts().isEmpty());
      for (Access access : Access.values()) {
        long answer = space.tables().translate(shared.physicalStart(), access);
        assertEquals(shared.attributes().permits(access), !Translation.isFault(answer));
      }
    }
  }

  /** First and last byte of a region at both addresses. */
  private static void assertAlike(EfiAddressSpace space, PlannedRegion region) {
    if (!region.placed()) {
      return;
    }
    for (long offset : new long[] {0, region.lengthBytes() - 1}) {
      for (Access access : Access.values()) {
        long physical = space.tables().translate(region.physicalAddress() + offset, access);
        assertEquals(
            address(physical),
            address(space.tables().translate(region.virtualAddress() + offset, access)));
        assertTrue(Translation.isFault(physical) || physical == region.physicalAddress() + offset);
      }
    }
  }

  /** The address, or the kind of fault; levels may differ where blocks have another size. */
  private static long address(long translation) {
    return Translation.isFault(translation)
        ? -1 - Translation.faultKind(translation).ordinal()
        : translation;
  }

  /** But for granules that something else needs. */
  private static void assertGone(EfiAddressSpace space, PlannedRegion region) {
    assertFalse(region.descriptor().isRuntime());
    if (region.placed() && region.virtualAddress() != region.physicalAddress()) {
      for (long offset : new long[] {0, region.lengthBytes() - 1}) {
        long address = region.virtualAddress() + offset;
        long translation = space.tables().translate(address, Access.READ);
        if (Translation.isFault(translation)) {
          assertFaultIsExplained(space, region, address, translation);
        } else {
          assertTrue(isShared(space, region.physicalAddress() + offset));
        }
      }
    }
  }

  /** Whether a region that stayed has a part in the granule. */
  private static boolean isShared(EfiAddressSpace space, long physical) {
    long bytes = space.tables().mode().granule().bytes();
    long granule = physical & -bytes;
    return space.plan().regions().stream()
        .anyMatch(
            region ->
                region.physicalAddress() < granule + bytes
                    && region.physicalAddress() + region.lengthBytes() > granule);
  }

  private static void assertFaultIsExplained(
      EfiAddressSpace space, PlannedRegion region, long address, long translation) {
    assertEquals(FaultKind.NOT_MAPPED, Translation.faultKind(translation));
    FirmwareFault fault =
        new FirmwareFault(
            FaultKind.NOT_MAPPED, address, Access.READ, Translation.faultDetail(translation));
    List<String> lines = space.explain(fault);
    assertEquals(
        "lies in "
            + region.descriptor()
            + ", at its virtual address, which was given up after SetVirtualAddressMap",
        lines.get(lines.size() - 2));
    assertEquals(MissingDescriptor.ofRegion(region.descriptor()), space.missingDescriptor(address));
  }
}

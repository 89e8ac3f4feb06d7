// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.space;

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
import io.efirts.x86.paging.PagingMode;
import io.efirts.x86.plan.VirtualAddressPlanner;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Tables of random memory maps, walked back, are the map: every region at its virtual address
 * (I-21) and at its physical one, the same frames with the same permissions (I-22), and nothing
 * else. After SetVirtualAddressMap boot services memory is gone (I-25) and what is left has lost
 * what the memory attributes say. No frame stays behind.
 */
class EfiAddressSpacePropertyTest {
  /** So small that many maps do not fit. */
  private static final VirtualWindow UPPER_128_MIB =
      VirtualAddressPlanner.window(0xF800_0000L, 1L << 32);

  private static final VirtualWindow UPPER_2_GIB = VirtualAddressPlanner.window(1L << 31, 1L << 32);

  private final TableMachine machine = new TableMachine(2048);

  @Provide
  Arbitrary<RandomSpace> below64TiB() {
    return RandomSpace.below(1L << 46);
  }

  @Provide
  Arbitrary<RandomSpace> below2PiB() {
    return RandomSpace.below(1L << 51);
  }

  @Provide
  Arbitrary<RandomSpace> below2GiB() {
    return RandomSpace.below(1L << 31);
  }

  @Property(seed = "61", tries = 4_000, edgeCases = EdgeCasesMode.NONE)
  void fourLevels(@ForAll("below64TiB") RandomSpace space) {
    check(PagingMode.FOUR_LEVEL, VirtualAddressPlanner.linux(), space);
  }

  @Property(seed = "62", tries = 1_500, edgeCases = EdgeCasesMode.NONE)
  void fourLevelsAtAFixedOffset(@ForAll("below64TiB") RandomSpace space) {
    check(PagingMode.FOUR_LEVEL, VirtualAddressPlanner.fixedOffset(), space);
  }

  @Property(seed = "63", tries = 2_500, edgeCases = EdgeCasesMode.NONE)
  void fiveLevels(@ForAll("below2PiB") RandomSpace space) {
    check(PagingMode.FIVE_LEVEL, VirtualAddressPlanner.linux(), space);
  }

  @Property(seed = "64", tries = 500, edgeCases = EdgeCasesMode.NONE)
  void whereVirtualIsPhysical(@ForAll("below2GiB") RandomSpace space) {
    check(PagingMode.FOUR_LEVEL, VirtualAddressPlanner.mixedMode(), space);
  }

  @Property(seed = "65", tries = 2_000, edgeCases = EdgeCasesMode.NONE)
  void pae(@ForAll("below2GiB") RandomSpace space) {
    check(PagingMode.PAE, VirtualAddressPlanner.topDown(UPPER_128_MIB), space);
  }

  /** Execution cannot be forbidden here. */
  @Property(seed = "66", tries = 1_500, edgeCases = EdgeCasesMode.NONE)
  void legacy(@ForAll("below2GiB") RandomSpace space) {
    check(PagingMode.LEGACY_32, VirtualAddressPlanner.topDown(UPPER_2_GIB), space);
  }

  private void check(PagingMode mode, VirtualAddressPlanner planner, RandomSpace random) {
    VirtualMap plan = planner.plan(random.map(), random.selection());
    EfiAddressSpaceBuilder builder =
        EfiAddressSpace.builder(machine.tables(mode), plan).memoryMap(random.map());
    random.ranges().forEach(builder::range);
    EfiAddressSpace space = builder.build();
    assertMapped(space, plan, random, false);

    space.virtualAddressMapSet(permissions(random)).flush();
    assertMapped(space, plan, random, true);
    for (PlannedRegion region : plan.regions()) {
      assertAlike(space, region);
      if (!space.plan().regions().contains(region)) {
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
    boolean canForbid = space.tables().mode() != PagingMode.LEGACY_32;
    List<Pages> expected =
        new ExpectedPages(plan.regions(), random.ranges(), random.attributes(), after, canForbid)
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
  }

  /** First and last byte of a region at both addresses. */
  private static void assertAlike(EfiAddressSpace space, PlannedRegion region) {
    if (!region.placed() || !space.plan().regions().contains(region)) {
      return;
    }
    for (long offset : new long[] {0, region.lengthBytes() - 1}) {
      for (Access access : Access.values()) {
        long physical = space.tables().translate(region.physicalAddress() + offset, access);
        assertEquals(physical, space.tables().translate(region.virtualAddress() + offset, access));
        assertTrue(Translation.isFault(physical) || physical == region.physicalAddress() + offset);
      }
    }
  }

  private static void assertGone(EfiAddressSpace space, PlannedRegion region) {
    assertFalse(region.descriptor().isRuntime());
    if (region.placed() && region.virtualAddress() != region.physicalAddress()) {
      for (long offset : new long[] {0, region.lengthBytes() - 1}) {
        assertFaultIsExplained(space, region, region.virtualAddress() + offset);
      }
    }
  }

  private static void assertFaultIsExplained(
      EfiAddressSpace space, PlannedRegion region, long address) {
    long translation = space.tables().translate(address, Access.READ);
    assertTrue(Translation.isFault(translation));
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

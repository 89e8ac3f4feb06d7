// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.space;

import static io.efirts.arm64.space.Regions.bootCode;
import static io.efirts.arm64.space.Regions.data;
import static io.efirts.arm64.space.Regions.map;
import static io.efirts.arm64.space.Regions.plan;
import static io.efirts.arm64.space.Regions.planOfAll;
import static io.efirts.arm64.space.Regions.region;
import static io.efirts.arm64.space.Regions.runtimeData;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.api.map.MappedPages;
import io.efirts.api.memory.CacheType;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.paging.OutOfFramesException;
import io.efirts.api.plan.PlannedRegion;
import io.efirts.api.plan.VirtualMap;
import io.efirts.api.plan.VirtualWindow;
import io.efirts.api.spec.MemoryAttributes;
import io.efirts.api.spec.MemoryType;
import io.efirts.arm64.paging.Granule;
import io.efirts.arm64.plan.VirtualAddressPlanner;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What cannot be an EFI address space is refused, and leaves no frame taken. */
class RefusedSpaceTest {
  private static final VirtualWindow WINDOW = VirtualAddressPlanner.window(0, 1L << 48);

  private final TableMachine machine = new TableMachine(Granule.SIXTY_FOUR_KIB, 64);

  private EfiAddressSpaceBuilder builder(VirtualMap plan) {
    return EfiAddressSpace.builder(machine.tables(), plan);
  }

  private void assertRefused(String message, EfiAddressSpaceBuilder builder) {
    assertEquals(
        message, assertThrows(IllegalArgumentException.class, builder::build).getMessage());
    assertEquals(0, machine.framesInUse());
  }

  private static PlannedRegion placed(long physical, long virtual, long pages) {
    return new PlannedRegion(6, physical, virtual, pages, Regions.RUNTIME_WB, true);
  }

  @Test
  void aPhysicalAddressThatTheModeCannotExpress() {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                EfiAddressSpace.builder(machine.tables(36), plan(runtimeData(1L << 36, 1)))
                    .build());
    assertEquals(
        "range must be a positive multiple of 65536 of addresses that the tables translate:"
            + " first=0x1000000000, length=0x10000, bits=36",
        refusal.getMessage());
    assertEquals(0, machine.framesInUse());
  }

  @Test
  void aPhysicalAddressThatTheProcessorDoesNotHave() {
    assertRefused(
        "physical range must be aligned to 65536 and within the output address size:"
            + " first=0x1000000000, length=0x10000, end=0x1000000000",
        EfiAddressSpace.builder(machine.tables().physicalBits(36), plan(runtimeData(1L << 36, 1))));
  }

  /** One region's virtual address is the other's physical one. */
  @Test
  void aliasesThatMeet() {
    VirtualMap plan =
        VirtualAddressPlanner.fixedOffset(WINDOW, 0x20_0000)
            .plan(map(runtimeData(0x20_0000, 1), runtimeData(0x40_0000, 1)));
    assertRefused(
        "a granule must have one meaning at an address: address=0x400000, physical=0x200000,"
            + " other=0x400000",
        builder(plan));
  }

  /** Disjoint in pages of 4 KiB, placed by a kernel that had no larger ones. */
  @Test
  void regionsThatShareAVirtualGranuleButNoPhysicalOne() {
    VirtualMap plan =
        VirtualMap.of(
            WINDOW, List.of(placed(0x20_0000, 0x2000_0000, 1), placed(0x21_1000, 0x2000_1000, 1)));
    assertRefused(
        "a granule must have one meaning at an address: address=0x20000000, physical=0x210000,"
            + " other=0x200000",
        builder(plan));
  }

  @Test
  void aPlanForSmallerPages() {
    VirtualWindow window = new VirtualWindow(0x2000_0000, 0x4000_0000, 0x1000);
    VirtualMap plan = VirtualMap.of(window, List.of(placed(0x20_0000, 0x2000_1000, 1)));
    String message =
        "virtual and physical address must be congruent modulo the granule:"
            + " virtualAddress=0x20001000, physicalAddress=0x200000, granule=64 KiB";
    assertRefused(message, builder(plan));
    FullIdentityMapBuilder full =
        FullIdentityMap.builder(machine.tables(), map(runtimeData(0x20_0000, 1))).aliases(plan);
    assertEquals(message, assertThrows(IllegalArgumentException.class, full::build).getMessage());
    assertEquals(0, machine.framesInUse());
  }

  @Test
  void registersThatShareAGranuleWithCachedMemory() {
    assertRefused(
        "device registers must not share a granule with cached memory: registers=0x20f000,"
            + " memory=0x200000",
        builder(plan(runtimeData(0x20_0000, 1))).mmio(new MmioRange(0x20_F000, 1)));
    assertRefused(
        "device registers must not share a granule with cached memory: registers=0x20f000,"
            + " memory=0x20e000",
        builder(plan()).mmio(new MmioRange(0x20_F000, 1)).range(data(0x20_E000, 1)));
  }

  @Test
  void memoryOfATypeThatDoesNotExist() {
    MappedPages writeProtected =
        new MappedPages(
            0x20_0000, 1, new MappingAttributes(false, false, CacheType.WRITE_PROTECTED));
    assertRefused(
        "attributes must hold the memory type: type=WRITE_PROTECTED, mair=0x4ffbb4400",
        builder(plan()).range(writeProtected));
  }

  @Test
  void tooFewFramesAtAnyPoint() {
    VirtualMap plan =
        planOfAll(
            runtimeData(0x20_0000, 1),
            bootCode(0x4000_0000L, 513),
            region(MemoryType.MEMORY_MAPPED_IO, 1L << 43, 1, MemoryAttributes.RUNTIME));
    EfiAddressSpace whole = builder(plan).build();
    int needed = machine.framesInUse();
    whole.tables().release();
    assertEquals(0, machine.framesInUse());
    for (int frames = 0; frames < needed; frames++) {
      machine.giveOnly(frames);
      assertThrows(OutOfFramesException.class, builder(plan)::build);
      assertEquals(0, machine.framesInUse());
    }
    machine.giveOnly(needed);
    builder(plan).build();
    assertEquals(needed, machine.framesInUse());
  }

  @Test
  void bootServicesOfNoMap() {
    assertEquals(
        "memory map must be given, so that boot services memory can be mapped: memoryMap=null",
        assertThrows(IllegalStateException.class, builder(plan()).bootServices()::build)
            .getMessage());
    assertEquals(0, machine.framesInUse());
  }

  @Test
  void registersThatAreNoPages() {
    assertEquals(
        "physicalStart must be a multiple of 4096: physicalStart=0xfed00800",
        assertThrows(IllegalArgumentException.class, () -> new MmioRange(0xFED0_0800L, 1))
            .getMessage());
    assertEquals(
        "pages must be at least 1 and end within 52 bits: physicalStart=0xfed00000, pages=0",
        assertThrows(IllegalArgumentException.class, () -> new MmioRange(0xFED0_0000L, 0))
            .getMessage());
  }

  @Test
  void nothingIsNoArgument() {
    EfiAddressSpaceBuilder builder = builder(plan());
    assertNamed("plan", () -> builder(null));
    assertNamed("tables", () -> EfiAddressSpace.builder(null, plan()));
    assertNamed("map", () -> builder.memoryMap(null));
    assertNamed("range", () -> builder.range(null));
    assertNamed("range", () -> builder.mmio(null));
    EfiAddressSpace space = builder.build();
    assertNamed("range", () -> space.mapIdentically(null));
    assertNamed("permissions", () -> space.virtualAddressMapSet(null));
  }

  private static void assertNamed(String name, Runnable action) {
    assertEquals(name, assertThrows(NullPointerException.class, action::run).getMessage());
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.space;

import static io.efirts.x86.space.Regions.bootCode;
import static io.efirts.x86.space.Regions.map;
import static io.efirts.x86.space.Regions.plan;
import static io.efirts.x86.space.Regions.runtimeData;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.paging.OutOfFramesException;
import io.efirts.api.plan.PlannedRegion;
import io.efirts.api.plan.VirtualMap;
import io.efirts.api.plan.VirtualWindow;
import io.efirts.x86.paging.PageTables;
import io.efirts.x86.paging.PagingMode;
import io.efirts.x86.plan.RegionSelection;
import io.efirts.x86.plan.VirtualAddressPlanner;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What cannot be an EFI address space is refused, and leaves no frame taken. */
class RefusedSpaceTest {
  private static final VirtualWindow ALL_OF_32_BITS = VirtualAddressPlanner.window(0, 1L << 32);

  private final TableMachine machine = new TableMachine(64);

  private EfiAddressSpaceBuilder builder(PagingMode mode, VirtualMap plan) {
    return EfiAddressSpace.builder(machine.tables(mode), plan);
  }

  private void assertRefused(String message, EfiAddressSpaceBuilder builder) {
    int frames = machine.framesInUse();
    assertEquals(
        message, assertThrows(IllegalArgumentException.class, builder::build).getMessage());
    assertEquals(frames, machine.framesInUse());
  }

  @Test
  void aPhysicalAddressThatTheModeCannotExpress() {
    VirtualMap above4GiB =
        VirtualMap.of(
            ALL_OF_32_BITS,
            List.of(new PlannedRegion(6, 1L << 32, 0xC000_0000L, 1, 0x8000_0000_0000_0008L, true)));
    assertRefused(
        "range must be a positive multiple of 4096 of canonical addresses: first=0x100000000,"
            + " length=0x1000",
        builder(PagingMode.PAE, above4GiB));
    assertRefused(
        "range must be a positive multiple of 4096 of canonical addresses: first=0x800000000000,"
            + " length=0x1000",
        builder(PagingMode.FOUR_LEVEL, plan(runtimeData(1L << 47, 1))));
  }

  @Test
  void aPhysicalAddressThatTheProcessorDoesNotHave() {
    EfiAddressSpaceBuilder builder =
        EfiAddressSpace.builder(
            machine.tables(PagingMode.FOUR_LEVEL).physicalBits(36), plan(runtimeData(1L << 36, 1)));
    assertRefused(
        "physical range must be aligned to 4096 and within the address width: first=0x1000000000,"
            + " length=0x1000, end=0x1000000000",
        builder);
  }

  @Test
  void aVirtualAddressThatTheModeCannotExpress() {
    assertRefused(
        "range must be a positive multiple of 4096 of canonical addresses:"
            + " first=0xfffffffeffe00000, length=0x1000",
        builder(PagingMode.PAE, plan(runtimeData(0x20_0000, 1))));
  }

  /** One region's virtual address is the other's physical one. */
  @Test
  void aliasesThatMeet() {
    VirtualMap plan =
        VirtualAddressPlanner.fixedOffset(ALL_OF_32_BITS, 0x20_0000)
            .plan(map(runtimeData(0x20_0000, 1), runtimeData(0x40_0000, 1)), RegionSelection.ALL);
    assertRefused(
        "range must not be mapped yet: first=0x400000, last=0x400fff, mapped=0x400000",
        builder(PagingMode.PAE, plan));
  }

  @Test
  void registersInCachedMemory() {
    assertRefused(
        "device registers must not lie in cached memory: registers=0x1ff000, memory=0x200000",
        builder(PagingMode.FOUR_LEVEL, plan(runtimeData(0x20_0000, 1)))
            .mmio(new MmioRange(0x1F_F000, 2)));
    assertRefused(
        "device registers must not lie in cached memory: registers=0x0, memory=0x0",
        builder(PagingMode.FOUR_LEVEL, plan()).mmio(new MmioRange(0, 1)));
  }

  @Test
  void aHostOfAnotherModeOrWithoutARoot() {
    PageTables host = machine.tables(PagingMode.FIVE_LEVEL).build();
    PhysicalAddress root = new PhysicalAddress(host.root());
    assertRefused(
        "paging mode must be the host's: mode=FOUR_LEVEL, host=FIVE_LEVEL",
        builder(PagingMode.FOUR_LEVEL, plan()).host(new HostTables(PagingMode.FIVE_LEVEL, root)));
    assertRefused(
        "source must be a table in guest memory: source=PA 0x0",
        builder(PagingMode.FOUR_LEVEL, plan())
            .host(new HostTables(PagingMode.FOUR_LEVEL, new PhysicalAddress(0))));
  }

  @Test
  void tooFewFramesAtAnyPoint() {
    PageTables host = machine.tables(PagingMode.FIVE_LEVEL).build();
    HostTables shared = new HostTables(PagingMode.FIVE_LEVEL, new PhysicalAddress(host.root()));
    VirtualMap plan = plan(runtimeData(0x20_0000, 1), bootCode(0x4000_0000L, 513));
    int before = machine.framesInUse();
    EfiAddressSpace whole = builder(PagingMode.FIVE_LEVEL, plan).host(shared).build();
    int needed = machine.framesInUse() - before;
    whole.tables().release();
    assertEquals(before, machine.framesInUse());
    for (int frames = 0; frames < needed; frames++) {
      machine.giveOnly(frames);
      EfiAddressSpaceBuilder builder = builder(PagingMode.FIVE_LEVEL, plan).host(shared);
      assertThrows(OutOfFramesException.class, builder::build);
      assertEquals(before, machine.framesInUse());
    }
    machine.giveOnly(needed);
    builder(PagingMode.FIVE_LEVEL, plan).host(shared).build();
    assertEquals(before + needed, machine.framesInUse());
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
    EfiAddressSpaceBuilder builder = builder(PagingMode.FOUR_LEVEL, plan());
    assertNamed("plan", () -> builder(PagingMode.FOUR_LEVEL, null));
    assertNamed("tables", () -> EfiAddressSpace.builder(null, plan()));
    assertNamed("map", () -> builder.memoryMap(null));
    assertNamed("range", () -> builder.range(null));
    assertNamed("range", () -> builder.mmio(null));
    assertNamed("tables", () -> builder.host(null));
    assertNamed("mode", () -> new HostTables(null, new PhysicalAddress(0)));
    assertNamed("root", () -> new HostTables(PagingMode.PAE, null));
    assertNamed("permissions", () -> builder.build().virtualAddressMapSet(null));
    assertNamed("range", () -> builder.build().mapIdentically(null));
  }

  private static void assertNamed(String name, Runnable misuse) {
    assertEquals(name, assertThrows(NullPointerException.class, misuse::run).getMessage());
  }
}

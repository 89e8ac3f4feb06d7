// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.space;

import static io.efirts.arm64.space.Regions.bootCode;
import static io.efirts.arm64.space.Regions.bootData;
import static io.efirts.arm64.space.Regions.data;
import static io.efirts.arm64.space.Regions.map;
import static io.efirts.arm64.space.Regions.mapped;
import static io.efirts.arm64.space.Regions.permissions;
import static io.efirts.arm64.space.Regions.plan;
import static io.efirts.arm64.space.Regions.planOfAll;
import static io.efirts.arm64.space.Regions.region;
import static io.efirts.arm64.space.Regions.runtimeCode;
import static io.efirts.arm64.space.Regions.runtimeData;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.api.map.MappedPages;
import io.efirts.api.map.MemoryMap;
import io.efirts.api.map.RuntimePermissions;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.paging.OutOfFramesException;
import io.efirts.api.plan.VirtualMap;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryAttributes;
import io.efirts.api.spec.MemoryType;
import io.efirts.arm64.paging.Granule;
import io.efirts.arm64.paging.PageTables;
import io.efirts.arm64.plan.VirtualAddressPlanner;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is mapped in an EFI address space with pages of 4 KiB, and what becomes of it. */
class EfiAddressSpaceTest {
  private static final long MIB = 1L << 20;
  private static final long RUNTIME = MemoryAttributes.RUNTIME;

  private final TableMachine machine = new TableMachine(Granule.FOUR_KIB, 256);

  private EfiAddressSpaceBuilder builder(VirtualMap plan) {
    return EfiAddressSpace.builder(machine.tables(), plan);
  }

  private static void assertMapped(EfiAddressSpace space, String... expected) {
    assertEquals(List.of(expected), mapped(space.tables()));
  }

  @Test
  void typeAndAttributesDecideHowARegionIsMapped() {
    EfiAddressSpace space =
        builder(
                planOfAll(
                    runtimeCode(2 * MIB, 1),
                    runtimeData(3 * MIB, 1),
                    region(5, 4 * MIB, 1, MemoryAttributes.WB | MemoryAttributes.RO),
                    region(5, 5 * MIB, 1, MemoryAttributes.WT | MemoryAttributes.XP),
                    region(6, 6 * MIB, 1, MemoryAttributes.WC | MemoryAttributes.RO | 0x4000),
                    region(MemoryType.ACPI_MEMORY_NVS, 7 * MIB, 1, MemoryAttributes.UC),
                    region(MemoryType.MEMORY_MAPPED_IO, 8 * MIB, 1, MemoryAttributes.WC)))
            .build();

    assertMapped(
        space,
        "200000-200fff 200000 rwx WRITE_BACK",
        "300000-300fff 300000 rw- WRITE_BACK",
        "400000-400fff 400000 r-x WRITE_BACK",
        "500000-500fff 500000 rw- WRITE_THROUGH",
        "600000-600fff 600000 r-- WRITE_COMBINING",
        "700000-700fff 700000 rw- UNCACHED",
        "800000-800fff 800000 rw- UNCACHED",
        "20000000-20000fff 200000 rwx WRITE_BACK",
        "20010000-20010fff 300000 rw- WRITE_BACK",
        "20020000-20020fff 400000 r-x WRITE_BACK",
        "20030000-20030fff 500000 rw- WRITE_THROUGH",
        "20040000-20040fff 600000 r-- WRITE_COMBINING",
        "20050000-20050fff 700000 rw- UNCACHED",
        "20060000-20060fff 800000 rw- UNCACHED");
    assertEquals(List.of(), space.sharedGranules());
  }

  /** I-25. */
  @Test
  void bootServicesMemoryGoesFromBothAliases() {
    EfiAddressSpace space =
        builder(
                planOfAll(
                    runtimeData(2 * MIB, 1),
                    bootCode(4 * MIB, 512),
                    bootData(8 * MIB, 3),
                    region(MemoryType.BOOT_SERVICES_DATA, 10 * MIB, 1, Regions.RUNTIME_WB)))
            .build();
    space.virtualAddressMapSet(RuntimePermissions.unrestricted()).flush();

    assertMapped(
        space,
        "200000-200fff 200000 rw- WRITE_BACK",
        "a00000-a00fff a00000 rw- WRITE_BACK",
        "20000000-20000fff 200000 rw- WRITE_BACK",
        "20410000-20410fff a00000 rw- WRITE_BACK");
  }

  /** The planner leaves it out; the builder adds it at its physical address. */
  @Test
  void bootServicesMemoryIsMappedOnRequestUntilItGoes() {
    MemoryMap map = map(runtimeData(2 * MIB, 1), bootCode(4 * MIB, 1), bootData(8 * MIB, 1));
    VirtualMap plan = VirtualAddressPlanner.linux().plan(map);
    EfiAddressSpace space = builder(plan).memoryMap(map).bootServices().build();
    assertMapped(
        space,
        "200000-200fff 200000 rw- WRITE_BACK",
        "400000-400fff 400000 rwx WRITE_BACK",
        "800000-800fff 800000 rw- WRITE_BACK",
        "20000000-20000fff 200000 rw- WRITE_BACK");
    space.virtualAddressMapSet(RuntimePermissions.unrestricted()).flush();

    assertMapped(
        space, "200000-200fff 200000 rw- WRITE_BACK", "20000000-20000fff 200000 rw- WRITE_BACK");
    assertEquals(plan.regions(), space.plan().regions());
  }

  @Test
  void pagesThatSomethingElseNeedsStay() {
    EfiAddressSpace space =
        builder(planOfAll(bootCode(2 * MIB, 512))).range(data(3 * MIB, 2)).build();
    assertMapped(
        space, "200000-3fffff 200000 rwx WRITE_BACK", "20000000-201fffff 200000 rwx WRITE_BACK");
    space.virtualAddressMapSet(RuntimePermissions.unrestricted()).flush();

    assertMapped(space, "300000-301fff 300000 rw- WRITE_BACK");
    assertEquals(List.of(), space.writableAndExecutable());
  }

  @Test
  void rangesCanBeAddedLaterBeforeAndAfter() {
    EfiAddressSpace space = builder(planOfAll(bootData(2 * MIB, 512))).build();
    space.mapIdentically(data(2 * MIB + 0x1000, 1)).flush();
    space.mapIdentically(new MappedPages(4 * MIB - 0x1000, 2, MappingAttributes.CODE)).flush();
    space.virtualAddressMapSet(RuntimePermissions.unrestricted()).flush();
    space.mapIdentically(data(4 * MIB, 2)).flush();

    assertMapped(
        space,
        "201000-201fff 201000 rw- WRITE_BACK",
        "3ff000-400fff 3ff000 r-x WRITE_BACK",
        "401000-401fff 401000 rw- WRITE_BACK");
  }

  /** The second part collides with a virtual address; the first is taken back. */
  @Test
  void aRangeIsMappedAsAWholeOrNotAtAll() {
    EfiAddressSpace space = builder(plan(runtimeData(2 * MIB, 1))).build();
    int frames = machine.framesInUse();

    assertEquals(
        "a granule must have one meaning at an address: address=0x20000000, physical=0x200000,"
            + " other=0x20000000",
        assertThrows(IllegalArgumentException.class, () -> space.mapIdentically(data(512 * MIB, 1)))
            .getMessage());
    machine.giveOnly(1);
    assertThrows(
        OutOfFramesException.class, () -> space.mapIdentically(data(2 * MIB - 0x1000, 1 << 16)));

    assertEquals(frames, machine.framesInUse());
    assertMapped(
        space, "200000-200fff 200000 rw- WRITE_BACK", "20000000-20000fff 200000 rw- WRITE_BACK");
  }

  /** I-22. */
  @Test
  void permissionsAreTakenInBothAliasesAndNeverGiven() {
    EfiMemoryDescriptor code = runtimeCode(2 * MIB, 4);
    EfiMemoryDescriptor data = runtimeData(4 * MIB, 1);
    EfiAddressSpace space = builder(plan(code, data)).build();
    assertEquals(1, space.writableAndExecutable().size());
    long ro = RUNTIME | MemoryAttributes.RO;
    long xp = RUNTIME | MemoryAttributes.XP;
    space
        .virtualAddressMapSet(
            permissions(
                map(code, data),
                region(5, 2 * MIB, 1, ro),
                region(6, 2 * MIB + 0x1000, 1, xp),
                region(5, 2 * MIB + 0x2000, 1, ro | xp),
                region(5, 4 * MIB, 1, RUNTIME)))
        .flush();

    assertMapped(
        space,
        "200000-200fff 200000 r-x WRITE_BACK",
        "201000-201fff 201000 rw- WRITE_BACK",
        "202000-202fff 202000 r-- WRITE_BACK",
        "203000-203fff 203000 rwx WRITE_BACK",
        "400000-400fff 400000 rw- WRITE_BACK",
        "20000000-20000fff 200000 r-x WRITE_BACK",
        "20001000-20001fff 201000 rw- WRITE_BACK",
        "20002000-20002fff 202000 r-- WRITE_BACK",
        "20003000-20003fff 203000 rwx WRITE_BACK",
        "20010000-20010fff 400000 rw- WRITE_BACK");
    // What no entry describes is reported.
    assertEquals(0x20_3000, space.writableAndExecutable().getFirst().physicalStart());
  }

  @Test
  void itCanBeDoneOnceOnly() {
    EfiAddressSpace space = builder(plan(runtimeCode(2 * MIB, 1))).build();
    space.virtualAddressMapSet(RuntimePermissions.unrestricted()).flush();

    assertEquals(
        "virtual address map must be set once only: root=0x100000",
        assertThrows(
                IllegalStateException.class,
                () -> space.virtualAddressMapSet(RuntimePermissions.unrestricted()))
            .getMessage());
  }

  /** Blocks that were split in vain are mapped again at once, without any token. */
  @Test
  void whatIsGivenUpAndTightenedIsSoAsAWhole() {
    EfiMemoryDescriptor code = runtimeCode(2 * MIB, 512);
    EfiAddressSpace space =
        builder(planOfAll(code, bootCode(8 * MIB, 512), bootData(12 * MIB, 1)))
            .range(data(9 * MIB, 1))
            .build();
    List<String> before = mapped(space.tables());
    RuntimePermissions permissions =
        permissions(map(code), region(5, 3 * MIB, 1, RUNTIME | MemoryAttributes.RO));
    int refusals = 0;
    for (boolean done = false; !done; ) {
      // A table that was split stays split, so each try gets one further.
      machine.giveOnly(refusals == 0 ? 0 : 1);
      try {
        space.virtualAddressMapSet(permissions).flush();
        done = true;
      } catch (OutOfFramesException refusal) {
        refusals++;
        assertEquals(before, mapped(space.tables()), refusal::getMessage);
        assertEquals(3, space.plan().regions().size());
      }
    }
    // Two blocks of code, at its addresses, and one that loses all but a page.
    assertEquals(3, refusals);
    space.tables().release();
    assertEquals(0, machine.framesInUse());
  }

  @Test
  void whatSomebodyElseHasUnmappedIsNoticedBeforeAnythingChanges() {
    EfiAddressSpace space = builder(planOfAll(bootData(2 * MIB, 1), bootData(4 * MIB, 2))).build();
    space.tables().unmap(new VirtualAddress(4 * MIB + 0x1000), 0x1000).flush();
    List<String> before = mapped(space.tables());

    assertEquals(
        "range must be mapped: first=0x400000, last=0x401fff, missing=0x401000",
        assertThrows(
                IllegalArgumentException.class,
                () -> space.virtualAddressMapSet(RuntimePermissions.unrestricted()))
            .getMessage());
    assertEquals(before, mapped(space.tables()));
    assertEquals(2, space.plan().regions().size());
  }

  @Test
  void aRegionWithoutAPlaceIsAtItsPhysicalAddressOnly() {
    VirtualMap plan =
        VirtualAddressPlanner.bottomUp(VirtualAddressPlanner.window(0x2000_0000, 0x2001_0000))
            .plan(map(runtimeData(2 * MIB, 1), runtimeData(4 * MIB, 1)));
    EfiAddressSpace space = builder(plan).build();

    assertEquals(1, space.plan().notPlaced().size());
    assertMapped(
        space,
        "200000-200fff 200000 rw- WRITE_BACK",
        "400000-400fff 400000 rw- WRITE_BACK",
        "20000000-20000fff 200000 rw- WRITE_BACK");
  }

  /** The plan alone makes the same address space, for a kernel of any granule. */
  @Test
  void aSuccessorMapsWhatItInherits() {
    EfiMemoryDescriptor code = runtimeCode(2 * MIB, 704);
    VirtualMap first = plan(code, runtimeData(16 * MIB, 16));
    RuntimePermissions permissions =
        permissions(map(code), region(5, 2 * MIB, 704, RUNTIME | MemoryAttributes.RO));
    EfiAddressSpace predecessor = builder(first).build();
    predecessor.virtualAddressMapSet(permissions).flush();
    VirtualMap inherited =
        VirtualAddressPlanner.successor(VirtualAddressPlanner.LINUX_WINDOW)
            .plan(MemoryMap.of(predecessor.plan().descriptors()));
    for (Granule granule : Granule.values()) {
      EfiAddressSpace successor =
          EfiAddressSpace.builder(new TableMachine(granule, 16).tables(), inherited).build();
      successor.virtualAddressMapSet(permissions).flush();
      assertEquals(mapped(predecessor.tables()), mapped(successor.tables()));
    }
  }

  /** O4: each side has its own mapping of the registers, both of Device memory. */
  @Test
  void registersThatBothNeedAreMappedInBoth() {
    MmioRange registers = new MmioRange(0x0901_1000, 2);
    TableMachine large = new TableMachine(Granule.SIXTY_FOUR_KIB, 16);
    PageTables host = large.tables().build();
    registers.mapInHost(host, new VirtualAddress(0x8000_0000L)).flush();
    EfiAddressSpace space = builder(plan()).mmio(registers).build();

    assertEquals(List.of("80000000-8000ffff 9010000 rw- UNCACHED"), mapped(host));
    assertMapped(space, "9011000-9012fff 9011000 rw- UNCACHED");
    space.virtualAddressMapSet(RuntimePermissions.unrestricted()).flush();
    assertMapped(space, "9011000-9012fff 9011000 rw- UNCACHED");
  }

  @Test
  void theRootCarriesTheAsid() {
    EfiAddressSpace space =
        EfiAddressSpace.builder(machine.tables().asid(0x2A), plan(runtimeData(2 * MIB, 1))).build();
    assertEquals(0x002A_0000_0010_0000L, space.tables().root());
  }
}

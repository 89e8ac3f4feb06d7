// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.space;

import static io.efirts.x86.space.Regions.bootCode;
import static io.efirts.x86.space.Regions.bootData;
import static io.efirts.x86.space.Regions.data;
import static io.efirts.x86.space.Regions.map;
import static io.efirts.x86.space.Regions.permissions;
import static io.efirts.x86.space.Regions.plan;
import static io.efirts.x86.space.Regions.region;
import static io.efirts.x86.space.Regions.runtimeCode;
import static io.efirts.x86.space.Regions.runtimeData;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.api.map.MappedPages;
import io.efirts.api.map.MemoryMap;
import io.efirts.api.map.RuntimePermissions;
import io.efirts.api.memory.CacheType;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.paging.OutOfFramesException;
import io.efirts.api.plan.VirtualMap;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryAttributes;
import io.efirts.api.spec.MemoryType;
import io.efirts.x86.paging.PageTables;
import io.efirts.x86.paging.PagingMode;
import io.efirts.x86.plan.RegionSelection;
import io.efirts.x86.plan.VirtualAddressPlanner;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is mapped in an EFI address space, and what becomes of it. */
class EfiAddressSpaceTest {
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;
  private static final MappingAttributes CODE = MappingAttributes.CODE;

  private final TableMachine machine = new TableMachine(256);

  private EfiAddressSpaceBuilder builder(VirtualMap plan) {
    return EfiAddressSpace.builder(machine.tables(PagingMode.FOUR_LEVEL), plan);
  }

  private static void assertMapped(EfiAddressSpace space, String... expected) {
    assertMapped(space.tables(), expected);
  }

  private static void assertMapped(PageTables tables, String... expected) {
    assertEquals(
        List.of(expected),
        Pages.of(tables.mappings()).stream()
            .map(
                p ->
                    "%x-%x %x r%s%s %s"
                        .formatted(
                            p.first(),
                            p.last(),
                            p.physical(),
                            p.writable() ? "w" : "-",
                            p.executable() ? "x" : "-",
                            p.cacheType()))
            .toList());
  }

  @Test
  void regionsAreMappedTwiceAndCodeOnlyIsExecutable() {
    EfiAddressSpace space =
        builder(
                plan(
                    runtimeCode(2 * MIB, 1),
                    runtimeData(4 * MIB, 1),
                    bootCode(6 * MIB, 1),
                    bootData(8 * MIB, 1),
                    region(MemoryType.ACPI_MEMORY_NVS, 10 * MIB, 1, MemoryAttributes.RUNTIME)))
            .build();

    assertMapped(
        space,
        "0-fff 0 rw- WRITE_BACK",
        "200000-200fff 200000 rwx WRITE_BACK",
        "400000-400fff 400000 rw- WRITE_BACK",
        "600000-600fff 600000 rwx WRITE_BACK",
        "800000-800fff 800000 rw- WRITE_BACK",
        "a00000-a00fff a00000 rw- UNCACHED",
        "fffffffeff600000-fffffffeff600fff 200000 rwx WRITE_BACK",
        "fffffffeff800000-fffffffeff800fff 400000 rw- WRITE_BACK",
        "fffffffeffa00000-fffffffeffa00fff 600000 rwx WRITE_BACK",
        "fffffffeffc00000-fffffffeffc00fff 800000 rw- WRITE_BACK",
        "fffffffeffe00000-fffffffeffe00fff a00000 rw- UNCACHED");
  }

  /** I-25. */
  @Test
  void bootServicesMemoryGoesFromBothAliases() {
    EfiAddressSpace space =
        builder(
                plan(
                    runtimeData(2 * MIB, 1),
                    bootCode(4 * MIB, 512),
                    bootData(8 * MIB, 3),
                    region(MemoryType.BOOT_SERVICES_DATA, 10 * MIB, 1, Regions.RUNTIME_WB)))
            .build();
    space.virtualAddressMapSet(RuntimePermissions.unrestricted()).flush();

    assertMapped(
        space,
        "0-fff 0 rw- WRITE_BACK",
        "200000-200fff 200000 rw- WRITE_BACK",
        "a00000-a00fff a00000 rw- WRITE_BACK",
        "fffffffeff800000-fffffffeff800fff 200000 rw- WRITE_BACK",
        "fffffffeffe00000-fffffffeffe00fff a00000 rw- WRITE_BACK");
    assertEquals(
        List.of(0x20_0000L, 0xA0_0000L),
        space.plan().regions().stream().map(r -> r.physicalAddress()).toList());
  }

  /** Two pages in the middle of a large one, and page 0, are needed for something else too. */
  @Test
  void pagesThatSomethingElseNeedsStay() {
    EfiAddressSpace space =
        builder(plan(bootCode(0, 1), bootCode(2 * MIB, 512))).range(data(3 * MIB, 2)).build();
    assertMapped(
        space,
        "0-fff 0 rwx WRITE_BACK",
        "200000-3fffff 200000 rwx WRITE_BACK",
        "fffffffeffc00000-fffffffeffc00fff 0 rwx WRITE_BACK",
        "fffffffeffe00000-fffffffeffffffff 200000 rwx WRITE_BACK");
    space.virtualAddressMapSet(RuntimePermissions.unrestricted()).flush();

    assertMapped(space, "0-fff 0 rw- WRITE_BACK", "300000-301fff 300000 rw- WRITE_BACK");
    assertEquals(List.of(), space.writableAndExecutable());
  }

  @Test
  void rangesCanBeAddedLaterBeforeAndAfter() {
    EfiAddressSpace space = builder(plan(bootData(2 * MIB, 512))).build();
    space.mapIdentically(data(2 * MIB + 0x1000, 1)).flush();
    space.mapIdentically(new MappedPages(4 * MIB - 0x1000, 2, CODE)).flush();
    space.virtualAddressMapSet(RuntimePermissions.unrestricted()).flush();
    space.mapIdentically(data(4 * MIB, 2)).flush();

    assertMapped(
        space,
        "0-fff 0 rw- WRITE_BACK",
        "201000-201fff 201000 rw- WRITE_BACK",
        "3ff000-400fff 3ff000 r-x WRITE_BACK",
        "401000-401fff 401000 rw- WRITE_BACK");
  }

  @Test
  void aRangeLeavesWhatIsMappedAsItIs() {
    EfiAddressSpace space =
        builder(plan(runtimeCode(2 * MIB, 1))).range(data(2 * MIB - 0x1000, 3)).build();
    space.virtualAddressMapSet(RuntimePermissions.unrestricted()).flush();

    assertMapped(
        space,
        "0-fff 0 rw- WRITE_BACK",
        "1ff000-1fffff 1ff000 rw- WRITE_BACK",
        "200000-200fff 200000 rwx WRITE_BACK",
        "201000-201fff 201000 rw- WRITE_BACK",
        "fffffffeffe00000-fffffffeffe00fff 200000 rwx WRITE_BACK");
  }

  /** The second part collides with a virtual address; the first is taken back. */
  @Test
  void aRangeIsMappedAsAWholeOrNotAtAll() {
    VirtualMap plan =
        VirtualAddressPlanner.fixedOffset(VirtualAddressPlanner.window(0, 1L << 40), GIB)
            .plan(map(runtimeData(2 * MIB, 1)), RegionSelection.RUNTIME);
    EfiAddressSpace space = builder(plan).build();
    int frames = machine.framesInUse();

    assertThrows(
        IllegalArgumentException.class, () -> space.mapIdentically(data(GIB + 2 * MIB, 1)));
    assertThrows(
        IllegalArgumentException.class,
        () -> space.mapIdentically(data(2 * MIB - 0x1000, 1 << 20)));

    assertEquals(frames, machine.framesInUse());
    assertMapped(
        space,
        "0-fff 0 rw- WRITE_BACK",
        "200000-200fff 200000 rw- WRITE_BACK",
        "40200000-40200fff 200000 rw- WRITE_BACK");
    space.mapIdentically(data(2 * MIB - 0x1000, 3)).flush();
    assertEquals(0x1F_F000, space.tables().mappings().get(1).first().value());
  }

  @Test
  void permissionsAreTakenInBothAliasesAndNeverGiven() {
    EfiMemoryDescriptor code = runtimeCode(2 * MIB, 4);
    EfiMemoryDescriptor data = runtimeData(4 * MIB, 1);
    EfiAddressSpace space = builder(plan(code, data)).build();
    assertEquals(
        List.of(
            new MappedPages(2 * MIB, 4, new MappingAttributes(true, true, CacheType.WRITE_BACK))),
        space.writableAndExecutable());
    long ro = MemoryAttributes.RUNTIME | MemoryAttributes.RO;
    long xp = MemoryAttributes.RUNTIME | MemoryAttributes.XP;
    space
        .virtualAddressMapSet(
            permissions(
                map(code, data),
                region(5, 2 * MIB, 1, ro),
                region(6, 2 * MIB + 0x1000, 1, xp),
                region(5, 2 * MIB + 0x2000, 1, ro | xp),
                region(5, 4 * MIB, 1, MemoryAttributes.RUNTIME)))
        .flush();

    assertMapped(
        space,
        "0-fff 0 rw- WRITE_BACK",
        "200000-200fff 200000 r-x WRITE_BACK",
        "201000-201fff 201000 rw- WRITE_BACK",
        "202000-202fff 202000 r-- WRITE_BACK",
        "203000-203fff 203000 rwx WRITE_BACK",
        "400000-400fff 400000 rw- WRITE_BACK",
        "fffffffeffc00000-fffffffeffc00fff 200000 r-x WRITE_BACK",
        "fffffffeffc01000-fffffffeffc01fff 201000 rw- WRITE_BACK",
        "fffffffeffc02000-fffffffeffc02fff 202000 r-- WRITE_BACK",
        "fffffffeffc03000-fffffffeffc03fff 203000 rwx WRITE_BACK",
        "fffffffeffe00000-fffffffeffe00fff 400000 rw- WRITE_BACK");
    // What no entry describes is reported.
    assertEquals(1, space.writableAndExecutable().size());
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

  /** Without a frame for the tables of a split nothing changes; with them it can be tried again. */
  @Test
  void whatIsGivenUpAndTightenedIsSoAsAWhole() {
    EfiMemoryDescriptor code = runtimeCode(2 * MIB, 512);
    EfiAddressSpace space =
        builder(plan(code, bootCode(8 * MIB, 512), bootData(12 * MIB, 1)))
            .range(data(9 * MIB, 1))
            .build();
    List<Pages> before = Pages.of(space.tables().mappings());
    RuntimePermissions permissions =
        permissions(
            map(code), region(5, 3 * MIB, 1, MemoryAttributes.RUNTIME | MemoryAttributes.RO));
    int needed = 3;
    for (int ration = 0; ration < needed; ration++) {
      // A table that was split stays split, so each try gets one further.
      machine.giveOnly(ration == 0 ? 0 : 1);
      assertThrows(OutOfFramesException.class, () -> space.virtualAddressMapSet(permissions));
      assertEquals(before, Pages.of(space.tables().mappings()));
      assertEquals(3, space.plan().regions().size());
    }
    machine.giveOnly(1);
    space.virtualAddressMapSet(permissions).flush();

    assertEquals(1, space.plan().regions().size());
    space.tables().release();
    assertEquals(0, machine.framesInUse());
  }

  @Test
  void whatSomebodyElseHasUnmappedIsNoticedBeforeAnythingChanges() {
    EfiAddressSpace space = builder(plan(bootData(2 * MIB, 1), bootData(4 * MIB, 2))).build();
    space.tables().unmap(new VirtualAddress(4 * MIB + 0x1000), 0x1000).flush();
    List<Pages> before = Pages.of(space.tables().mappings());

    assertEquals(
        "range must be mapped: first=0x400000, last=0x401fff, missing=0x401000",
        assertThrows(
                IllegalArgumentException.class,
                () -> space.virtualAddressMapSet(RuntimePermissions.unrestricted()))
            .getMessage());
    assertEquals(before, Pages.of(space.tables().mappings()));
    assertEquals(2, space.plan().regions().size());
  }

  @Test
  void aRegionWithoutAPlaceIsAtItsPhysicalAddressOnly() {
    VirtualMap plan =
        VirtualAddressPlanner.topDown(
                VirtualAddressPlanner.window(0xFFFF_FFFE_FFE0_0000L, 0xFFFF_FFFF_0000_0000L))
            .plan(map(runtimeData(2 * MIB, 1), runtimeData(4 * MIB, 1)), RegionSelection.RUNTIME);
    EfiAddressSpace space = builder(plan).build();

    assertEquals(1, space.plan().notPlaced().size());
    assertMapped(
        space,
        "0-fff 0 rw- WRITE_BACK",
        "200000-200fff 200000 rw- WRITE_BACK",
        "400000-400fff 400000 rw- WRITE_BACK",
        "fffffffeffe00000-fffffffeffe00fff 400000 rw- WRITE_BACK");
  }

  /** Nothing is told to firmware again: the plan alone makes the same tables. */
  @Test
  void aSuccessorMapsWhatItInherits() {
    EfiMemoryDescriptor code = runtimeCode(2 * MIB, 700);
    VirtualMap first = plan(code, bootCode(8 * MIB, 1), runtimeData(16 * MIB, 9));
    EfiAddressSpace predecessor = builder(first).build();
    RuntimePermissions permissions =
        permissions(
            map(code), region(5, 2 * MIB, 700, MemoryAttributes.RUNTIME | MemoryAttributes.RO));
    predecessor.virtualAddressMapSet(permissions).flush();
    VirtualMap inherited =
        VirtualAddressPlanner.successor(VirtualAddressPlanner.LINUX_WINDOW)
            .plan(MemoryMap.of(predecessor.plan().descriptors()), RegionSelection.RUNTIME);
    EfiAddressSpace successor = builder(inherited).build();
    successor.virtualAddressMapSet(permissions).flush();

    assertEquals(
        Pages.of(predecessor.tables().mappings()), Pages.of(successor.tables().mappings()));
  }

  @Test
  void atTheFixedOffsetAddressesAreKnownWithoutBeingTold() {
    VirtualMap plan =
        VirtualAddressPlanner.fixedOffset()
            .plan(map(runtimeCode(600 * GIB, 512)), RegionSelection.RUNTIME);
    EfiAddressSpace space = builder(plan).build();

    assertMapped(
        space,
        "0-fff 0 rw- WRITE_BACK",
        "9600000000-96001fffff 9600000000 rwx WRITE_BACK",
        "409600000000-4096001fffff 9600000000 rwx WRITE_BACK");
  }

  /** O4: each side has its own mapping of the registers, both uncached. */
  @Test
  void registersThatBothNeedAreMappedInBoth() {
    MmioRange registers = new MmioRange(0xFED0_0000L, 2);
    PageTables host = machine.tables(PagingMode.FOUR_LEVEL).build();
    registers.mapInHost(host, new VirtualAddress(0xFFFF_C900_0000_0000L)).flush();
    EfiAddressSpace space = builder(plan()).mmio(registers).build();

    assertMapped(host, "ffffc90000000000-ffffc90000001fff fed00000 rw- UNCACHED");
    assertMapped(space, "0-fff 0 rw- WRITE_BACK", "fed00000-fed01fff fed00000 rw- UNCACHED");
    space.virtualAddressMapSet(RuntimePermissions.unrestricted()).flush();
    assertMapped(space, "0-fff 0 rw- WRITE_BACK", "fed00000-fed01fff fed00000 rw- UNCACHED");
  }

  /** A region that firmware declares is the firmware's, and is uncached by its own attributes. */
  @Test
  void registersMayLieInADeclaredRegionThatIsUncached() {
    VirtualMap plan =
        plan(
            region(
                MemoryType.MEMORY_MAPPED_IO,
                0xFED0_0000L,
                1,
                MemoryAttributes.RUNTIME | MemoryAttributes.UC));
    EfiAddressSpace space = builder(plan).mmio(new MmioRange(0xFECF_F000L, 3)).build();

    assertMapped(
        space,
        "0-fff 0 rw- WRITE_BACK",
        "fecff000-fed01fff fecff000 rw- UNCACHED",
        "fffffffefff00000-fffffffefff00fff fed00000 rw- UNCACHED");
  }

  /** Without execute disable all that can be written can be run, and the report says so. */
  @Test
  void theReportTellsWhatTheProcessorSees() {
    VirtualMap plan =
        VirtualAddressPlanner.topDown(VirtualAddressPlanner.window(0xC000_0000L, 1L << 32))
            .plan(map(runtimeData(2 * MIB, 3)), RegionSelection.RUNTIME);
    EfiAddressSpace space =
        EfiAddressSpace.builder(machine.tables(PagingMode.LEGACY_32), plan).build();

    assertEquals(
        List.of(0L, 2 * MIB),
        space.writableAndExecutable().stream().map(MappedPages::physicalStart).toList());
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.space;

import static io.efirts.x86.space.Regions.bootData;
import static io.efirts.x86.space.Regions.data;
import static io.efirts.x86.space.Regions.map;
import static io.efirts.x86.space.Regions.region;
import static io.efirts.x86.space.Regions.runtimeCode;
import static io.efirts.x86.space.Regions.runtimeData;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.map.MappedPages;
import io.efirts.api.map.MemoryMap;
import io.efirts.api.memory.Access;
import io.efirts.api.memory.CacheType;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.Translation;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.paging.Mapping;
import io.efirts.api.paging.PageSize;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the full identity map has: everything, as far as addresses reach, without restriction. */
class FullIdentityMapTest {
  private static final long PAGE = 4096;
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;
  private static final long TIB = 1L << 40;
  private static final long ALIAS = 0xFFFF_FFFE_FFE0_0000L;

  private final TableMachine machine = new TableMachine(64);

  private static EfiMemoryDescriptor memory(long physical, long bytes) {
    return region(MemoryType.CONVENTIONAL_MEMORY, physical, bytes / PAGE, MemoryAttributes.WB);
  }

  private static Pages unrestricted(long first, long last, long physical, CacheType cacheType) {
    return new Pages(first, last, physical, true, true, cacheType);
  }

  private static Pages identical(long first, long last) {
    return unrestricted(first, last, first, CacheType.WRITE_BACK);
  }

  private static List<Pages> mapped(FullIdentityMap space) {
    return Pages.of(space.tables().mappings());
  }

  private static VirtualMap plan(MemoryMap map) {
    return VirtualAddressPlanner.linux().plan(map, RegionSelection.RUNTIME_AND_BOOT_SERVICES);
  }

  @ParameterizedTest
  @EnumSource
  void everyRegionIsMappedWithoutRestriction(PagingMode mode) {
    long uncached = MemoryAttributes.UC | MemoryAttributes.WT;
    long locked = MemoryAttributes.WB | MemoryAttributes.RO | MemoryAttributes.XP;
    MemoryMap map =
        map(
            memory(0, 4 * PAGE),
            region(MemoryType.RESERVED_MEMORY_TYPE, 4 * PAGE, 1, locked),
            runtimeCode(5 * PAGE, 2),
            region(MemoryType.MEMORY_MAPPED_IO, 0xFED0_0000L, 1, uncached));
    FullIdentityMap space = FullIdentityMap.builder(machine.tables(mode), map).build();
    assertEquals(
        List.of(
            identical(0, 7 * PAGE - 1),
            unrestricted(0xFED0_0000L, 0xFED0_0FFFL, 0xFED0_0000L, CacheType.UNCACHED)),
        mapped(space));
    assertEquals(List.of(), space.notMapped());
  }

  @ParameterizedTest
  @EnumSource
  void furtherRangesAreMappedAsGivenWhereNoRegionIs(PagingMode mode) {
    MappedPages registers =
        new MappedPages(2 * PAGE, 2, new MappingAttributes(true, true, CacheType.WRITE_THROUGH));
    FullIdentityMap space =
        FullIdentityMap.builder(machine.tables(mode), map(memory(PAGE, 2 * PAGE)))
            .range(registers)
            .build();
    assertEquals(
        List.of(
            identical(PAGE, 3 * PAGE - 1),
            unrestricted(3 * PAGE, 4 * PAGE - 1, 3 * PAGE, CacheType.WRITE_THROUGH)),
        mapped(space));
  }

  /** A frame for 512 GiB, whatever the bounds of regions; 5 levels need one more. */
  @Test
  void terabytesCostFewFrames() {
    MemoryMap map =
        map(
            memory(0, 512 * MIB + PAGE),
            runtimeData(512 * MIB + PAGE, 3),
            memory(512 * MIB + 4 * PAGE, 4 * TIB - 512 * MIB - 4 * PAGE));
    FullIdentityMap space =
        FullIdentityMap.builder(machine.tables(PagingMode.FOUR_LEVEL), map).build();
    assertEquals(1 + 8, machine.framesInUse());
    List<Mapping> mappings = space.tables().mappings();
    assertEquals(1, mappings.size());
    assertEquals(PageSize.ONE_GIB, mappings.getFirst().pageSize());
    FullIdentityMap.builder(machine.tables(PagingMode.FIVE_LEVEL), map).build();
    assertEquals(1 + 8 + 2 + 8, machine.framesInUse());
  }

  @Test
  void theRootLiesBelow4GiBOrThereIsNone() {
    HighFrames high = new HighFrames(8);
    IllegalStateException refusal =
        assertThrows(
            IllegalStateException.class,
            () ->
                FullIdentityMap.builder(high.tables(PagingMode.FOUR_LEVEL), map(memory(0, GIB)))
                    .build());
    assertEquals(
        "root of a full identity map must lie below 4 GiB, where no frame is free:"
            + " maximumAddress=0xffffffff",
        refusal.getMessage());
    assertEquals(0, high.framesInUse());
  }

  /** O3: the tables below it may lie anywhere, and so may what they map. */
  @Test
  void onlyTheRootMustLieBelow4GiB() {
    HighFrames both = new HighFrames(8).withOneLowFrame();
    FullIdentityMap space =
        FullIdentityMap.builder(both.tables(PagingMode.FOUR_LEVEL), map(runtimeData(5 * TIB, 1)))
            .build();
    assertTrue(space.tables().root() < 4 * GIB);
    assertEquals(5 * TIB + 7, space.tables().translate(5 * TIB + 7, Access.EXECUTE));
  }

  /** Before SetVirtualAddressMap: with the builder; after it: into the address space that is. */
  @Test
  void aliasesAreTheSameMemoryWithoutRestriction() {
    MemoryMap map = map(bootData(0x10_0000, 1), runtimeCode(0x20_0000, 2), memory(4 * MIB, PAGE));
    FullIdentityMap before =
        FullIdentityMap.builder(machine.tables(PagingMode.FOUR_LEVEL), map)
            .aliases(plan(map))
            .build();
    FullIdentityMap after =
        FullIdentityMap.builder(machine.tables(PagingMode.FOUR_LEVEL), map).build();
    after.addAliases(plan(map)).flush();
    List<Pages> expected =
        List.of(
            identical(0x10_0000, 0x10_0FFF),
            identical(0x20_0000, 0x20_1FFF),
            identical(4 * MIB, 4 * MIB + PAGE - 1),
            unrestricted(ALIAS, ALIAS + 2 * PAGE - 1, 0x20_0000, CacheType.WRITE_BACK));
    assertEquals(expected, mapped(before));
    assertEquals(expected, mapped(after));
    assertThrows(IllegalStateException.class, () -> after.addAliases(plan(map)));
    assertEquals(expected, mapped(after));
  }

  /** A successor with 32-bit firmware: virtual and physical addresses are the same. */
  @Test
  void anAliasAtThePhysicalAddressIsNoSecondOne() {
    MemoryMap map = map(runtimeData(0x20_0000, 2));
    FullIdentityMap space =
        FullIdentityMap.builder(machine.tables(PagingMode.FOUR_LEVEL), map)
            .aliases(VirtualAddressPlanner.mixedMode().plan(map, RegionSelection.RUNTIME))
            .build();
    assertEquals(List.of(identical(0x20_0000, 0x20_1FFF)), mapped(space));
  }

  @ParameterizedTest
  @EnumSource(names = {"PAE", "LEGACY_32"})
  void aliasesOf32BitModesLieWhereNoMemoryIs(PagingMode mode) {
    MemoryMap map = map(runtimeData(0x20_0000, 2), memory(GIB, GIB));
    VirtualMap plan =
        VirtualAddressPlanner.topDown(VirtualAddressPlanner.window(3 * GIB, 4 * GIB))
            .plan(map, RegionSelection.RUNTIME);
    FullIdentityMap space =
        FullIdentityMap.builder(machine.tables(mode), map).aliases(plan).build();
    long alias = plan.regions().getFirst().virtualAddress();
    assertEquals(0x20_1000, space.tables().translate(alias + PAGE, Access.EXECUTE));
    VirtualMap inTheWay =
        VirtualAddressPlanner.topDown(VirtualAddressPlanner.window(GIB, 2 * GIB))
            .plan(map, RegionSelection.RUNTIME);
    int used = machine.framesInUse();
    assertThrows(
        IllegalArgumentException.class,
        () -> FullIdentityMap.builder(machine.tables(mode), map).aliases(inTheWay).build());
    assertEquals(used, machine.framesInUse());
  }

  @ParameterizedTest
  @EnumSource(names = {"PAE", "LEGACY_32"})
  void memoryAbove4GiBIsReportedIn32BitModes(PagingMode mode) {
    MemoryMap map =
        map(memory(0, PAGE), memory(4 * GIB - 2 * PAGE, 4 * PAGE), runtimeData(5 * TIB, 1));
    FullIdentityMap space =
        FullIdentityMap.builder(machine.tables(mode), map).range(data(6 * TIB, 2)).build();
    assertEquals(
        List.of(identical(0, PAGE - 1), identical(4 * GIB - 2 * PAGE, 4 * GIB - 1)), mapped(space));
    MappingAttributes all = new MappingAttributes(true, true, CacheType.WRITE_BACK);
    assertEquals(
        List.of(
            new MappedPages(4 * GIB, 2, all), new MappedPages(5 * TIB, 1, all), data(6 * TIB, 2)),
        space.notMapped());
    space.add(memory(7 * TIB, PAGE)).flush();
    assertEquals(new MappedPages(7 * TIB, 1, all), space.notMapped().getLast());
    List<String> lines = explain(space, 5 * TIB);
    assertEquals(
        "lies in EfiRuntimeServicesData physicalStart=0x50000000000 virtualStart=0x0"
            + " numberOfPages=1 attribute=WB|RUNTIME, which is beyond the addresses of "
            + mode,
        lines.getLast());
  }

  @Test
  void memoryBeyondTheLowerHalfIsReportedIn64BitMode() {
    long half = 1L << 47;
    MemoryMap map = map(memory(half - GIB, 2 * GIB));
    FullIdentityMap four =
        FullIdentityMap.builder(machine.tables(PagingMode.FOUR_LEVEL), map).build();
    assertEquals(List.of(identical(half - GIB, half - 1)), mapped(four));
    assertEquals(half, four.notMapped().getFirst().physicalStart());
    FullIdentityMap five =
        FullIdentityMap.builder(machine.tables(PagingMode.FIVE_LEVEL), map).build();
    assertEquals(List.of(identical(half - GIB, half + GIB - 1)), mapped(five));
    assertEquals(List.of(), five.notMapped());
  }

  @Test
  void memoryBeyondTheProcessorsAddressesIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            FullIdentityMap.builder(
                    machine.tables(PagingMode.FOUR_LEVEL).physicalBits(36),
                    map(memory(0, PAGE), memory((1L << 36) - PAGE, 2 * PAGE)))
                .build());
    assertEquals(0, machine.framesInUse());
  }

  @ParameterizedTest
  @EnumSource
  void memoryThatIsAddedLaterIsMappedWhole(PagingMode mode) {
    FullIdentityMap space =
        FullIdentityMap.builder(machine.tables(mode), map(memory(0, 6 * PAGE)))
            .range(data(8 * PAGE, 1))
            .build();
    EfiMemoryDescriptor added = memory(6 * PAGE, 4 * PAGE);
    space.add(added).flush();
    for (long address = 0; address < 10 * PAGE; address += PAGE) {
      assertEquals(address, space.tables().translate(address, Access.WRITE));
    }
    assertEquals(added, space.nearestDescriptor(9 * PAGE));
    List<Pages> before = mapped(space);
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> space.add(memory(9 * PAGE, 2 * PAGE)));
    assertTrue(refusal.getMessage().startsWith("regions must not overlap"), refusal::getMessage);
    assertEquals(before, mapped(space));
  }

  /** Every number of frames but enough of them leaves nothing behind. */
  @ParameterizedTest
  @EnumSource
  void withoutEnoughFramesNothingIsMade(PagingMode mode) {
    MemoryMap map = map(memory(3 * PAGE, 6 * MIB), runtimeData(GIB + PAGE, 1));
    int enough = 0;
    for (boolean made = false; !made; enough++) {
      machine.giveOnly(enough);
      try {
        FullIdentityMap.builder(machine.tables(mode), map).range(data(2 * GIB, 1)).build();
        made = true;
      } catch (RuntimeException refusal) {
        assertEquals(0, machine.framesInUse(), refusal::getMessage);
      }
    }
    assertTrue(enough > 3);
  }

  @ParameterizedTest
  @EnumSource
  void withoutEnoughFramesNothingIsAdded(PagingMode mode) {
    MemoryMap map = map(runtimeData(PAGE, 1), runtimeCode(4 * MIB, 1));
    FullIdentityMap space =
        FullIdentityMap.builder(machine.tables(mode), map).range(data(2 * GIB, 1)).build();
    VirtualMap plan =
        VirtualAddressPlanner.topDown(VirtualAddressPlanner.window(3 * GIB, 4 * GIB))
            .plan(map, RegionSelection.RUNTIME);
    List<Pages> before = mapped(space);
    EfiMemoryDescriptor around = memory(2 * GIB - 8 * MIB + PAGE, 16 * MIB);
    int used = machine.framesInUse();
    int needed = 0;
    for (boolean done = false; !done; needed++) {
      machine.giveOnly(needed);
      try {
        space.add(around).flush();
        done = true;
      } catch (RuntimeException refusal) {
        assertEquals(before, mapped(space), refusal::getMessage);
        assertEquals(used, machine.framesInUse());
        assertEquals(map.regions().getLast(), space.nearestDescriptor(2 * GIB));
      }
    }
    assertTrue(needed > 1);
    machine.giveOnly(0);
    assertThrows(RuntimeException.class, () -> space.addAliases(plan));
    machine.giveOnly(8);
    space.addAliases(plan).flush();
    long alias = plan.regions().getLast().virtualAddress();
    assertEquals(4 * MIB, space.tables().translate(alias, Access.EXECUTE));
  }

  /** I-23 holds here too. */
  @Test
  void theHostsUpperPartIsThereAfterAnEntryIsPrepared() {
    long direct = 0xFFFF_8880_0000_0000L;
    PageTables host = machine.tables(PagingMode.FOUR_LEVEL).build();
    MemoryMap map = map(runtimeData(0x20_0000, 1));
    FullIdentityMap space =
        FullIdentityMap.builder(machine.tables(PagingMode.FOUR_LEVEL), map)
            .aliases(plan(map))
            .host(new HostTables(host.mode(), new PhysicalAddress(host.root())))
            .build();
    host.map(new VirtualAddress(direct), new PhysicalAddress(0x5000), PAGE, MappingAttributes.DATA)
        .flush();
    assertTrue(Translation.isFault(space.tables().translate(direct, Access.READ)));
    space.prepareEntry();
    assertEquals(0x5000, space.tables().translate(direct, Access.READ));
    assertEquals(
        "belongs to the host, whose table entries are copied at every call",
        explain(space, direct).getLast());
    assertEquals(0x20_0000, space.tables().translate(ALIAS, Access.EXECUTE));
    space.tables().release();
    space.prepareEntry();
    assertEquals(0x5000, host.translate(direct, Access.READ));
  }

  @Test
  void faultsAreExplained() {
    MemoryMap map = map(runtimeData(0x20_0000, 1), memory(GIB, PAGE));
    FullIdentityMap space =
        FullIdentityMap.builder(machine.tables(PagingMode.FOUR_LEVEL), map)
            .range(data(0, 1))
            .aliases(plan(map))
            .build();
    EfiMemoryDescriptor runtime = plan(map).regions().getFirst().descriptor();
    assertEquals("lies in " + runtime + ", at its virtual address", last(space, ALIAS + 8));
    assertEquals("lies in " + runtime + ", at its physical address", last(space, 0x20_0008));
    assertEquals(
        "lies in " + map.regions().getLast() + ", at its physical address", last(space, GIB));
    assertEquals("lies in pages mapped at their physical address: 0x0-0xfff", last(space, 4));
    List<String> lines = explain(space, 0xFED0_0010L);
    assertEquals("READ of 0xfed00010: NOT_MAPPED, error code 0x0", lines.getFirst());
    assertEquals("lies in nothing that the memory map has", lines.get(lines.size() - 2));
    assertEquals(
        "missing descriptor: {type = 0xb, pad = 0x0, phys_addr = 0xfed00000, virt_addr = 0x0,"
            + " num_pages = 0x1, attribute = 0x8000000000000001}",
        lines.getLast());
    assertEquals("lies in nothing that the memory map has", last(space, 1L << 63));
    assertEquals(
        List.of(), space.explain(new FirmwareFault(FaultKind.EXCEPTION, 0, Access.EXECUTE, 0)));
    assertEquals(runtime, space.nearestDescriptor(ALIAS - 1));
    assertEquals(map.regions().getLast(), space.nearestDescriptor(2 * GIB));
    assertNull(
        FullIdentityMap.builder(machine.tables(PagingMode.FOUR_LEVEL), map())
            .build()
            .nearestDescriptor(0));
  }

  private static List<String> explain(FullIdentityMap space, long address) {
    return space.explain(new FirmwareFault(FaultKind.NOT_MAPPED, address, Access.READ, 0));
  }

  private static String last(FullIdentityMap space, long address) {
    return explain(space, address).getLast();
  }
}

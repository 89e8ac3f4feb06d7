// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.space;

import static io.efirts.arm64.space.Regions.bootData;
import static io.efirts.arm64.space.Regions.data;
import static io.efirts.arm64.space.Regions.map;
import static io.efirts.arm64.space.Regions.mapped;
import static io.efirts.arm64.space.Regions.region;
import static io.efirts.arm64.space.Regions.runtimeCode;
import static io.efirts.arm64.space.Regions.runtimeData;
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
import io.efirts.api.paging.OutOfFramesException;
import io.efirts.api.paging.PageSize;
import io.efirts.api.plan.VirtualMap;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryAttributes;
import io.efirts.api.spec.MemoryType;
import io.efirts.arm64.paging.Granule;
import io.efirts.arm64.plan.VirtualAddressPlanner;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** All memory at its physical addresses, without restriction. */
class FullIdentityMapTest {
  private static final long PAGE = 4096;
  private static final long GIB = 1L << 30;
  private static final long TIB = 1L << 40;
  private static final MappingAttributes ALL =
      new MappingAttributes(true, true, CacheType.WRITE_BACK);

  private static EfiMemoryDescriptor memory(long physical, long bytes) {
    return region(MemoryType.CONVENTIONAL_MEMORY, physical, bytes / PAGE, MemoryAttributes.WB);
  }

  private static VirtualMap plan(MemoryMap map) {
    return VirtualAddressPlanner.linux().plan(map);
  }

  @ParameterizedTest
  @EnumSource
  void everyRegionIsMappedWithoutRestriction(Granule granule) {
    long locked = MemoryAttributes.WB | MemoryAttributes.RO | MemoryAttributes.XP;
    MemoryMap map =
        map(
            memory(0, 0x1_0000),
            region(MemoryType.RESERVED_MEMORY_TYPE, 0x1_0000, 16, locked),
            runtimeCode(0x2_0000, 16),
            region(MemoryType.ACPI_MEMORY_NVS, 0x10_0000, 16, MemoryAttributes.WT),
            region(MemoryType.MEMORY_MAPPED_IO, 0x900_0000, 16, MemoryAttributes.WC));
    FullIdentityMap space =
        FullIdentityMap.builder(new TableMachine(granule, 16).tables(), map)
            .range(data(0x2_0000, 32))
            .build();
    assertEquals(
        List.of(
            "0-2ffff 0 rwx WRITE_BACK",
            "30000-3ffff 30000 rw- WRITE_BACK",
            "100000-10ffff 100000 rwx WRITE_THROUGH",
            "9000000-900ffff 9000000 rw- UNCACHED"),
        mapped(space.tables()));
    assertEquals(List.of(), space.notMapped());
  }

  /** One run of blocks, whatever the bounds of regions. */
  @Test
  void terabytesCostFewFrames() {
    TableMachine machine = new TableMachine(Granule.FOUR_KIB, 16);
    MemoryMap map =
        map(
            memory(0, GIB + PAGE),
            runtimeData(GIB + PAGE, 3),
            memory(GIB + 4 * PAGE, 4 * TIB - GIB - 4 * PAGE));
    FullIdentityMap space = FullIdentityMap.builder(machine.tables(), map).build();
    assertEquals(1 + 8, machine.framesInUse());
    assertEquals(PageSize.ONE_GIB, space.tables().mappings().getFirst().pageSize());
  }

  /** Before SetVirtualAddressMap: with the builder; after it: into the address space that is. */
  @ParameterizedTest
  @EnumSource
  void aliasesAreTheSameMemoryWithoutRestriction(Granule granule) {
    TableMachine machine = new TableMachine(granule, 32);
    MemoryMap map = map(bootData(0x10_0000, 16), runtimeCode(0x20_0000, 32), memory(4 << 20, PAGE));
    FullIdentityMap before =
        FullIdentityMap.builder(machine.tables(), map).aliases(plan(map)).build();
    FullIdentityMap after = FullIdentityMap.builder(machine.tables(), map).build();
    after.addAliases(plan(map)).flush();
    assertEquals("20000000-2001ffff 200000 rwx WRITE_BACK", mapped(before.tables()).getLast());
    assertEquals(4, mapped(before.tables()).size());
    assertEquals(mapped(before.tables()), mapped(after.tables()));
    assertThrows(IllegalStateException.class, () -> after.addAliases(plan(map)));
  }

  /** A fixed distance of 0: virtual and physical addresses are the same. */
  @Test
  void anAliasAtThePhysicalAddressIsNoSecondOne() {
    MemoryMap map = map(runtimeData(0x20_0000, 2));
    FullIdentityMap space =
        FullIdentityMap.builder(new TableMachine(Granule.FOUR_KIB, 16).tables(), map)
            .aliases(VirtualAddressPlanner.identity().plan(map))
            .build();
    assertEquals(List.of("200000-201fff 200000 rwx WRITE_BACK"), mapped(space.tables()));
  }

  @Test
  void anAliasThatIsOtherMemoryIsRefused() {
    TableMachine machine = new TableMachine(Granule.FOUR_KIB, 16);
    MemoryMap map = map(runtimeData(0x20_0000, 2), memory(0x2000_0000, 16 * PAGE));
    FullIdentityMap space = FullIdentityMap.builder(machine.tables(), map).build();
    List<String> before = mapped(space.tables());
    assertEquals(
        "a granule must have one meaning at an address: address=0x20000000, physical=0x200000,"
            + " other=0x20000000",
        assertThrows(IllegalArgumentException.class, () -> space.addAliases(plan(map)))
            .getMessage());
    assertEquals(before, mapped(space.tables()));
  }

  @Test
  void memoryBeyondTheAddressSpaceIsReported() {
    MemoryMap map = map(memory(0, 0x1_0000), memory(64 * GIB - 0x1_0000, 0x2_0000));
    FullIdentityMap space =
        FullIdentityMap.builder(new TableMachine(Granule.SIXTY_FOUR_KIB, 16).tables(36), map)
            .range(data(6 * TIB, 2))
            .build();
    assertEquals(
        List.of("0-ffff 0 rwx WRITE_BACK", "fffff0000-fffffffff fffff0000 rwx WRITE_BACK"),
        mapped(space.tables()));
    assertEquals(List.of(new MappedPages(64 * GIB, 16, ALL), data(6 * TIB, 2)), space.notMapped());
    assertTrue(
        explain(space, 64 * GIB)
            .getLast()
            .endsWith(", which is beyond the addresses of 64 KiB granule, 36 bits"));
  }

  /** Its virtual address does not depend on where it lies. */
  @Test
  void aRegionBeyondTheAddressSpaceHasItsAlias() {
    MemoryMap map = map(runtimeData(64 * GIB, 16));
    FullIdentityMap space =
        FullIdentityMap.builder(new TableMachine(Granule.SIXTY_FOUR_KIB, 16).tables(36), map)
            .aliases(plan(map))
            .build();
    assertEquals(List.of("20000000-2000ffff 1000000000 rwx WRITE_BACK"), mapped(space.tables()));
  }

  /** The granule that both have becomes one of the weaker type. */
  @Test
  void memoryThatIsAddedLaterIsMappedWhole() {
    FullIdentityMap space =
        FullIdentityMap.builder(
                new TableMachine(Granule.SIXTY_FOUR_KIB, 16).tables(), map(memory(0, 6 * PAGE)))
            .build();
    EfiMemoryDescriptor added =
        region(MemoryType.CONVENTIONAL_MEMORY, 6 * PAGE, 26, MemoryAttributes.WT);
    space.add(added).flush();
    assertEquals(List.of("0-1ffff 0 rwx WRITE_THROUGH"), mapped(space.tables()));
    assertEquals(added, space.nearestDescriptor(9 * PAGE));
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> space.add(memory(9 * PAGE, 2 * PAGE)));
    assertTrue(refusal.getMessage().startsWith("regions must not overlap"), refusal::getMessage);
    assertEquals(List.of("0-1ffff 0 rwx WRITE_THROUGH"), mapped(space.tables()));
  }

  /** Every number of frames but enough of them leaves nothing behind. */
  @ParameterizedTest
  @EnumSource
  void withoutEnoughFramesNothingIsMadeOrAdded(Granule granule) {
    TableMachine machine = new TableMachine(granule, 32);
    MemoryMap map = map(memory(3 * PAGE, 6 << 20), runtimeData(GIB + PAGE, 1));
    FullIdentityMap space = null;
    int refusals = 0;
    while (space == null) {
      machine.giveOnly(refusals);
      try {
        space = FullIdentityMap.builder(machine.tables(), map).build();
      } catch (OutOfFramesException refusal) {
        refusals++;
        assertEquals(0, machine.framesInUse(), refusal::getMessage);
      }
    }
    assertTrue(refusals > 2);
    List<String> before = mapped(space.tables());
    machine.giveOnly(0);
    FullIdentityMap made = space;
    VirtualMap far =
        VirtualAddressPlanner.bottomUp(VirtualAddressPlanner.window(128 * TIB, 256 * TIB))
            .plan(map);
    assertThrows(OutOfFramesException.class, () -> made.add(memory(32 * TIB, PAGE)));
    assertThrows(OutOfFramesException.class, () -> made.addAliases(far));
    assertEquals(before, mapped(made.tables()));
    machine.giveOnly(16);
    made.addAliases(far).flush();
    assertEquals(GIB + PAGE, made.tables().translate(128 * TIB + PAGE, Access.EXECUTE));
  }

  @Test
  void faultsAreExplained() {
    MemoryMap map = map(runtimeData(0x20_0000, 1), memory(GIB, PAGE));
    FullIdentityMap space =
        FullIdentityMap.builder(new TableMachine(Granule.SIXTEEN_KIB, 16).tables(), map)
            .range(data(0, 1))
            .aliases(plan(map))
            .build();
    EfiMemoryDescriptor runtime = plan(map).regions().getFirst().descriptor();
    assertEquals("lies in " + runtime + ", at its virtual address", last(space, 0x2000_0008));
    assertEquals("lies in " + runtime + ", at its physical address", last(space, 0x20_0008));
    assertEquals(
        "lies in " + map.regions().getLast() + ", at its physical address", last(space, GIB));
    assertEquals("lies in pages mapped at their physical address: 0x0-0xfff", last(space, 4));
    assertEquals(
        "lies in a granule of 16 KiB that is mapped for what else lies in it", last(space, 0x1000));
    List<String> lines = explain(space, 0x0901_0010);
    assertEquals(
        "READ of 0x9010010: NOT_MAPPED, ESR 0x96000007 (data abort, READ, translation fault at"
            + " level 3)",
        lines.getFirst());
    assertEquals("lies in nothing that the memory map has", lines.get(lines.size() - 2));
    assertEquals(
        "missing descriptor: {type = 0xb, pad = 0x0, phys_addr = 0x9010000, virt_addr = 0x0,"
            + " num_pages = 0x1, attribute = 0x8000000000000001}",
        lines.getLast());
    assertEquals(
        "belongs to the host, whose own root (TTBR1_EL1) translates it", last(space, -PAGE));
    assertEquals(
        List.of(), space.explain(new FirmwareFault(FaultKind.EXCEPTION, 0, Access.EXECUTE, 0)));
    assertEquals(runtime, space.nearestDescriptor(0x1FFF_FFFF));
    assertEquals(map.regions().getLast(), space.nearestDescriptor(2 * GIB));
    assertNull(
        FullIdentityMap.builder(new TableMachine(Granule.FOUR_KIB, 16).tables(), map())
            .build()
            .nearestDescriptor(0));
  }

  private static List<String> explain(FullIdentityMap space, long address) {
    return space.explain(
        new FirmwareFault(FaultKind.NOT_MAPPED, address, Access.READ, 0x9600_0007));
  }

  private static String last(FullIdentityMap space, long address) {
    return explain(space, address).getLast();
  }
}

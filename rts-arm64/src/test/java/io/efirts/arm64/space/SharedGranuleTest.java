// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.space;

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
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.map.MappedPages;
import io.efirts.api.map.RuntimePermissions;
import io.efirts.api.memory.CacheType;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.plan.VirtualMap;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryAttributes;
import io.efirts.api.spec.MemoryType;
import io.efirts.arm64.paging.Granule;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Regions that are no multiples of 64 KiB, with pages of 64 KiB. */
class SharedGranuleTest {
  private static final MappingAttributes ALL =
      new MappingAttributes(true, true, CacheType.WRITE_BACK);

  private final TableMachine machine = new TableMachine(Granule.SIXTY_FOUR_KIB, 16);

  private EfiAddressSpaceBuilder builder(VirtualMap plan) {
    return EfiAddressSpace.builder(machine.tables(), plan);
  }

  private static void assertMapped(EfiAddressSpace space, String... expected) {
    assertEquals(List.of(expected), mapped(space.tables()));
  }

  /** Code up to 0x214fff, data behind it: the granule at 0x210000 has both. */
  @Test
  void codeNextToDataIsWritableAndExecutable() {
    EfiMemoryDescriptor code = runtimeCode(0x20_0000, 21);
    EfiMemoryDescriptor data = runtimeData(0x21_5000, 27);
    EfiAddressSpace space = builder(plan(code, data)).build();
    space
        .virtualAddressMapSet(
            permissions(
                map(code, data),
                region(5, 0x20_0000, 21, MemoryAttributes.RUNTIME | MemoryAttributes.RO)))
        .flush();

    assertMapped(
        space,
        "200000-20ffff 200000 r-x WRITE_BACK",
        "210000-21ffff 210000 rwx WRITE_BACK",
        "220000-22ffff 220000 rw- WRITE_BACK",
        "20000000-2000ffff 200000 r-x WRITE_BACK",
        "20010000-2001ffff 210000 rwx WRITE_BACK",
        "20020000-2002ffff 210000 rwx WRITE_BACK",
        "20030000-2003ffff 220000 rw- WRITE_BACK");
    SharedGranule shared =
        new SharedGranule(
            0x21_0000,
            Granule.SIXTY_FOUR_KIB,
            ALL,
            List.of(new MappedPages(0x21_0000, 5, MappingAttributes.CODE), data(0x21_5000, 11)));
    assertEquals(List.of(shared), space.sharedGranules());
    assertTrue(shared.breaksWriteXorExecute());
    assertEquals(0, shared.foreignBytes());
    assertEquals(List.of(new MappedPages(0x21_0000, 16, ALL)), space.writableAndExecutable());
  }

  @Test
  void whatNobodyAskedForIsTold() {
    EfiAddressSpace space = builder(plan(runtimeData(0x20_3000, 2))).build();

    assertMapped(
        space, "200000-20ffff 200000 rw- WRITE_BACK", "20000000-2000ffff 200000 rw- WRITE_BACK");
    SharedGranule shared = space.sharedGranules().getFirst();
    assertEquals(0xE000, shared.foreignBytes());
    assertEquals(List.of(data(0x20_3000, 2)), shared.parts());
    assertFalse(shared.breaksWriteXorExecute());
    List<String> lines = space.explain(new VirtualAddress(0x2000_0008));
    assertEquals(
        "lies in a granule of 64 KiB that is mapped for what else lies in it", lines.getLast());
  }

  /** The rest of its granule stays mapped for the runtime region, with fewer permissions. */
  @Test
  void bootServicesMemoryStaysWhereItSharesAGranule() {
    EfiMemoryDescriptor boot = region(3, 0x20_0000, 24, MemoryAttributes.WB);
    EfiAddressSpace space = builder(planOfAll(boot, runtimeData(0x21_8000, 8))).build();
    assertMapped(
        space,
        "200000-21ffff 200000 rwx WRITE_BACK",
        "20000000-2001ffff 200000 rwx WRITE_BACK",
        "20020000-2002ffff 210000 rwx WRITE_BACK");
    space.virtualAddressMapSet(RuntimePermissions.unrestricted()).flush();

    assertMapped(
        space, "210000-21ffff 210000 rw- WRITE_BACK", "20020000-2002ffff 210000 rw- WRITE_BACK");
    assertEquals(0x8000, space.sharedGranules().getFirst().foreignBytes());
    assertEquals(List.of(), space.writableAndExecutable());
  }

  /** A range that comes later widens what is mapped, at both addresses. */
  @Test
  void aRangeWidensTheGranuleItComesTo() {
    EfiMemoryDescriptor code = region(5, 0x20_0000, 4, Regions.RUNTIME_WB | MemoryAttributes.RO);
    EfiAddressSpace space = builder(plan(code)).build();
    space.mapIdentically(data(0x20_8000, 1)).flush();

    assertMapped(
        space, "200000-20ffff 200000 rwx WRITE_BACK", "20000000-2000ffff 200000 rwx WRITE_BACK");
    assertTrue(space.sharedGranules().getFirst().breaksWriteXorExecute());
  }

  /** What firmware has put next to registers is not cached; the host hears of it. */
  @Test
  void theWeakestMemoryTypeHolds() {
    EfiAddressSpace space =
        builder(
                plan(
                    runtimeData(0x20_0000, 1),
                    region(6, 0x20_1000, 1, MemoryAttributes.RUNTIME | MemoryAttributes.WT),
                    runtimeData(0x21_0000, 1),
                    region(MemoryType.MEMORY_MAPPED_IO, 0x21_1000, 1, MemoryAttributes.RUNTIME)))
            .build();
    assertEquals("200000-20ffff 200000 rw- WRITE_THROUGH", mapped(space.tables()).get(0));
    assertEquals("210000-21ffff 210000 rw- UNCACHED", mapped(space.tables()).get(1));
    assertEquals(2, space.sharedGranules().size());
  }

  @Test
  void wholeGranulesAreNotShared() {
    EfiAddressSpace space =
        builder(planOfAll(runtimeData(0x20_0000, 8), bootData(0x20_8000, 24))).build();
    assertEquals(List.of(), space.sharedGranules());
    assertEquals("200000-21ffff 200000 rw- WRITE_BACK", mapped(space.tables()).getFirst());
  }
}

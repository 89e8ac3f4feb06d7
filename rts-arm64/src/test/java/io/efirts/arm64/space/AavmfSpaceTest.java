// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.space;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.map.MappedPages;
import io.efirts.api.map.RejectedEntry;
import io.efirts.api.map.RuntimePermissions;
import io.efirts.api.spec.EfiMemoryAttributesTable;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.arm64.paging.Granule;
import io.efirts.arm64.plan.VirtualAddressPlanner;
import io.efirts.firmware.machine.ReferenceMachine;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * AAVMF's seven runtime regions with each granule, before and after SetVirtualAddressMap, with a
 * memory attributes table that parts the code regions.
 */
class AavmfSpaceTest {
  private static final ReferenceMachine VIRT = ReferenceMachine.virt();

  private static EfiAddressSpace space(Granule granule) {
    return EfiAddressSpace.builder(
            new TableMachine(granule, 128).tables(),
            VirtualAddressPlanner.linux().plan(VIRT.memoryMap()))
        .memoryMap(VIRT.memoryMap())
        .bootServices()
        .build();
  }

  /** Header, code and data of every image lie in granules of their own: W^X holds (I-22). */
  @ParameterizedTest
  @EnumSource
  void writeXorExecuteHoldsWhereSectionsAreAligned(Granule granule) {
    EfiAddressSpace space = space(granule);
    assertEquals(
        List.of(0x4C44_0000L, 0x4C68_0000L, 0x4FC0_0000L),
        space.writableAndExecutable().stream()
            .map(MappedPages::physicalStart)
            .filter(start -> VIRT.memoryMap().regionAt(start).isRuntime())
            .toList());
    RuntimePermissions permissions =
        RuntimePermissions.of(VIRT.attributesTable(), VIRT.memoryMap(), granule.bytes());
    assertEquals(List.of(), permissions.rejected());
    space.virtualAddressMapSet(permissions).flush();

    assertEquals(List.of(), space.writableAndExecutable());
    assertEquals(7, space.plan().regions().size());
    List<String> mapped = Regions.mapped(space.tables());
    assertTrue(
        mapped.containsAll(
            List.of(
                "4000000-7ffffff 4000000 rw- UNCACHED",
                "4c450000-4c49ffff 4c450000 r-x WRITE_BACK",
                "4c4a0000-4c68ffff 4c4a0000 rw- WRITE_BACK",
                "4c690000-4c70ffff 4c690000 r-x WRITE_BACK",
                "4fc10000-4fd4ffff 4fc10000 r-x WRITE_BACK",
                "4fd50000-4ffdffff 4fd50000 rw- WRITE_BACK",
                "24020000-2406ffff 4c450000 r-x WRITE_BACK",
                "24310000-2444ffff 4fc10000 r-x WRITE_BACK",
                "24450000-246dffff 4fd50000 rw- WRITE_BACK")),
        mapped::toString);
    // Of the clock's one page only the largest granules have more.
    List<SharedGranule> shared = space.sharedGranules();
    assertEquals(granule == Granule.FOUR_KIB ? 0 : 1, shared.size());
    for (SharedGranule clock : shared) {
      assertEquals(0x0901_0000, clock.physicalStart());
      assertEquals(granule.bytes() - 4096, clock.foreignBytes());
    }
  }

  /** Every image's code begins one page of 4 KiB later: fine for these, not for larger ones. */
  @ParameterizedTest
  @EnumSource
  void whereSectionsAreNotAlignedThatIsReported(Granule granule) {
    List<EfiMemoryDescriptor> entries = new ArrayList<>();
    for (EfiMemoryDescriptor entry : VIRT.attributesTable().entries()) {
      boolean header = entry.numberOfPages() == 16 && entry.type() == 6;
      boolean code = entry.type() == 5;
      long start = entry.physicalStart() + (code ? 4096 : 0);
      long pages = entry.numberOfPages() + (header ? 1 : 0) - (code ? 1 : 0);
      entries.add(new EfiMemoryDescriptor(entry.type(), start, 0, pages, entry.attribute()));
    }
    RuntimePermissions permissions =
        RuntimePermissions.of(
            new EfiMemoryAttributesTable(1, 0, entries), VIRT.memoryMap(), granule.bytes());
    EfiAddressSpace space = space(granule);
    space.virtualAddressMapSet(permissions).flush();

    if (granule == Granule.FOUR_KIB) {
      assertEquals(List.of(), permissions.rejected());
      assertEquals(List.of(), space.writableAndExecutable());
      return;
    }
    assertEquals(6, permissions.rejected().size());
    for (RejectedEntry rejected : permissions.rejected()) {
      assertTrue(
          rejected.reason().startsWith("entry must have whole pages of the host's:"),
          rejected::reason);
    }
    // Header and code of each image, as they were before; its data is not executable.
    assertEquals(
        List.of("4c440000+96", "4c680000+144", "4fc00000+336"),
        space.writableAndExecutable().stream()
            .map(pages -> Long.toHexString(pages.physicalStart()) + "+" + pages.pages())
            .toList());
  }
}

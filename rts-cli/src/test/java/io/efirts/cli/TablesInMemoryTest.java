// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.map.MemoryMap;
import io.efirts.api.map.RuntimePermissions;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryAttributes;
import io.efirts.api.spec.MemoryType;
import io.efirts.x86.paging.PagingMode;
import io.efirts.x86.plan.RegionSelection;
import io.efirts.x86.plan.VirtualAddressPlanner;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Memory for tables grows as it must, and not further than it may. */
class TablesInMemoryTest {
  private static final long GIB = 1L << 30;
  private static final long MIB = 1L << 20;

  /** Regions that take at least two tables each at their physical addresses alone. */
  private static TablesInMemory.Content scattered(int regions) {
    List<EfiMemoryDescriptor> descriptors = new ArrayList<>();
    for (int i = 0; i < regions; i++) {
      descriptors.add(
          new EfiMemoryDescriptor(
              MemoryType.RUNTIME_SERVICES_DATA, i * GIB, 0, 1, MemoryAttributes.RUNTIME));
    }
    MemoryMap map = MemoryMap.of(descriptors);
    return new TablesInMemory.Content(
        PagingMode.FOUR_LEVEL,
        map,
        VirtualAddressPlanner.linux().plan(map, RegionSelection.RUNTIME),
        RuntimePermissions.unrestricted());
  }

  @Test
  void memoryGrowsUntilTheTablesFit() {
    try (TablesInMemory tables = TablesInMemory.make(scattered(200), 8 * MIB)) {
      assertTrue(tables.count() > MIB / 4096, () -> "tables=" + tables.count());
      assertEquals(200, tables.space().plan().regions().size());
    }
  }

  @Test
  void tablesThatTakeMoreThanTheyMayAreRefused() {
    TablesInMemory.Content content = scattered(2000);

    assertEquals(
        "the tables must take at most 9 MiB of memory",
        assertThrows(CliException.class, () -> TablesInMemory.make(content, 9 * MIB)).getMessage());
  }
}

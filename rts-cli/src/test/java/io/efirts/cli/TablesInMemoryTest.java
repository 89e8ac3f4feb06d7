// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.map.MemoryMap;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryAttributes;
import io.efirts.api.spec.MemoryType;
import io.efirts.arm64.paging.Granule;
import io.efirts.x86.paging.PagingMode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Memory for tables grows as it must, and not further than it may. */
class TablesInMemoryTest {
  private static final long GIB = 1L << 30;
  private static final long MIB = 1L << 20;

  private static List<TableFormat> formats() {
    List<TableFormat> formats = new ArrayList<>(List.of(new X86Format(PagingMode.FOUR_LEVEL)));
    for (Granule granule : Granule.values()) {
      formats.add(new Arm64Format(new io.efirts.arm64.paging.PagingMode(granule, 48)));
    }
    return formats;
  }

  /** Regions that take at least one table each at their physical addresses alone. */
  private static TableInput scattered(int regions) {
    List<EfiMemoryDescriptor> descriptors = new ArrayList<>();
    for (int i = 1; i <= regions; i++) {
      descriptors.add(
          new EfiMemoryDescriptor(
              MemoryType.RUNTIME_SERVICES_DATA, i * GIB, 0, 1, MemoryAttributes.RUNTIME));
    }
    return new TableInput(
        new MemoryMapFile(MemoryMapForm.DESCRIPTORS, MemoryMap.of(descriptors)), false, null, null);
  }

  @ParameterizedTest
  @MethodSource("formats")
  void memoryGrowsUntilTheTablesFit(TableFormat format) {
    ShownTables tables = TablesInMemory.make(format, scattered(300), 32 * MIB);

    assertTrue(tables.count() > MIB / format.granuleBytes(), () -> "tables=" + tables.count());
    assertTrue(tables.count() > 300, () -> "tables=" + tables.count());
    assertEquals(300, tables.regions().size());
  }

  @ParameterizedTest
  @MethodSource("formats")
  void tablesThatTakeMoreThanTheyMayAreRefused(TableFormat format) {
    TableInput input = scattered(3000);

    assertEquals(
        "the tables must take at most 9 MiB of memory",
        assertThrows(CliException.class, () -> TablesInMemory.make(format, input, 9 * MIB))
            .getMessage());
  }
}

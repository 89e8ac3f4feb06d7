// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.plan.VirtualMap;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryAttributes;
import io.efirts.x86.plan.RegionSelection;
import io.efirts.x86.plan.VirtualAddressPlanner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From what a kernel printed at boot follows where it mapped what (I-21). */
class LinuxBootLogPlanTest {
  /** Boot services memory that Linux kept for a user of its own, and marked so. */
  private static final long KEPT = 0x1D77_4000L;

  @TempDir private Path directory;

  private static EfiMemoryDescriptor withoutMark(EfiMemoryDescriptor region) {
    return region.physicalStart() != KEPT
        ? region
        : new EfiMemoryDescriptor(
            region.type(),
            region.physicalStart(),
            region.virtualStart(),
            region.numberOfPages(),
            region.attribute() & ~MemoryAttributes.RUNTIME);
  }

  private List<EfiMemoryDescriptor> linux() throws IOException {
    MemoryMapFile file = MemoryMapFile.read(LinuxMaps.runtimeMap(directory));
    assertEquals(MemoryMapForm.RUNTIME_MAP, file.form());
    return file.map().regions();
  }

  @Test
  void thePlanOfTheBootLogIsWhatLinuxMapped() throws IOException {
    MemoryMapFile log = MemoryMapFile.read(LinuxMaps.bootLog(directory));
    assertEquals(MemoryMapForm.BOOT_LOG, log.form());
    assertEquals(123, log.map().regions().size());

    VirtualMap plan =
        VirtualAddressPlanner.linux().plan(log.map(), RegionSelection.RUNTIME_AND_BOOT_SERVICES);

    List<EfiMemoryDescriptor> linux =
        linux().stream().map(LinuxBootLogPlanTest::withoutMark).toList();
    assertEquals(103, linux.size());
    assertEquals(linux, plan.virtualAddressMap());
    assertEquals(List.of(), plan.notPlaced());
  }

  @Test
  void aListOfMappedRegionsPlansToItself() throws IOException {
    MemoryMapFile file = MemoryMapFile.read(LinuxMaps.runtimeMap(directory));

    for (VirtualAddressPlanner planner :
        List.of(
            VirtualAddressPlanner.linux(),
            VirtualAddressPlanner.successor(VirtualAddressPlanner.LINUX_WINDOW))) {
      assertEquals(
          file.map().regions(), planner.plan(file.map(), RegionSelection.ALL).virtualAddressMap());
    }
  }
}

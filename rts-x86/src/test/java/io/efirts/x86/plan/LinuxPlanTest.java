// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.map.MemoryMap;
import io.efirts.api.plan.VirtualMap;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryDescriptorArray;
import java.lang.foreign.MemorySegment;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A plan equals what a Linux kernel did with the same regions, address by address. */
class LinuxPlanTest {
  private static final List<EfiMemoryDescriptor> LINUX =
      LinuxRegions.all().stream()
          .sorted(Comparator.comparingLong(EfiMemoryDescriptor::physicalStart))
          .toList();

  private static EfiMemoryDescriptor unplaced(EfiMemoryDescriptor region) {
    return new EfiMemoryDescriptor(
        region.type(), region.physicalStart(), 0, region.numberOfPages(), region.attribute());
  }

  @Test
  void everyRegionGetsLinuxsAddress() {
    MemoryMap map = MemoryMap.of(LinuxRegions.all().stream().map(LinuxPlanTest::unplaced).toList());

    VirtualMap plan = VirtualAddressPlanner.linux().plan(map, RegionSelection.ALL);

    assertEquals(103, plan.regions().size());
    assertEquals(LINUX, plan.virtualAddressMap());
    assertEquals(List.of(), plan.notPlaced());
  }

  /** The one boot services region that Linux keeps is marked with the RUNTIME attribute. */
  @Test
  void runtimeRegionsAndThatOfTheMarkStay() {
    VirtualMap plan =
        VirtualAddressPlanner.linux()
            .plan(MemoryMap.of(LINUX), RegionSelection.RUNTIME_AND_BOOT_SERVICES);

    assertEquals(
        LINUX.stream().filter(EfiMemoryDescriptor::isRuntime).toList(),
        plan.runtime().virtualAddressMap());
    assertEquals(6, plan.runtime().regions().size());
    assertEquals(103, plan.regions().size());
  }

  /** Also when it inherits them as bytes. */
  @Test
  void aSuccessorReusesEveryAddress() {
    MemorySegment array =
        MemorySegment.ofArray(new byte[(int) MemoryDescriptorArray.sizeBytes(103, 48)]);
    MemoryDescriptorArray.write(array, 48, LinuxRegions.all());

    VirtualMap plan =
        VirtualAddressPlanner.successor(VirtualAddressPlanner.LINUX_WINDOW)
            .plan(MemoryMap.read(array, 48, EfiMemoryDescriptor.VERSION), RegionSelection.ALL);

    assertEquals(LINUX, plan.virtualAddressMap());
    assertEquals(LINUX, plan.descriptors());
  }
}

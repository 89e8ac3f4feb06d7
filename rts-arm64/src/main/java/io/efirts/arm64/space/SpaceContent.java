// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.space;

import io.efirts.api.map.MappedPages;
import io.efirts.api.map.RuntimePermissions;
import io.efirts.api.memory.CacheType;
import io.efirts.api.plan.PlannedRegion;
import io.efirts.api.plan.VirtualMap;
import io.efirts.api.space.layout.IdentityMap;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryType;
import io.efirts.arm64.paging.Granule;
import java.util.ArrayList;
import java.util.List;

/**
 * What an EFI address space contains. Where things lie over each other, the first of this order
 * decides how the page of 4 KiB is mapped: planned regions, device registers, further ranges. What
 * shares a granule is mapped as {@link GranuleLayout} has it.
 *
 * @param granule smallest unit of mapping
 * @param plan the regions
 * @param permissions what their pages lose
 * @param registers device registers
 * @param ranges further ranges
 */
record SpaceContent(
    Granule granule,
    VirtualMap plan,
    RuntimePermissions permissions,
    List<MmioRange> registers,
    List<MappedPages> ranges) {

  SpaceContent {
    registers = List.copyOf(registers);
    ranges = List.copyOf(ranges);
  }

  /** The same with one more range. */
  SpaceContent with(MappedPages range) {
    List<MappedPages> more = new ArrayList<>(ranges);
    more.add(range);
    return new SpaceContent(granule, plan, permissions, registers, more);
  }

  /** What stays once SetVirtualAddressMap has returned. */
  SpaceContent afterBootServices(RuntimePermissions permissionsThen) {
    List<PlannedRegion> kept =
        plan.regions().stream().filter(region -> !isBootServices(region.descriptor())).toList();
    return new SpaceContent(
        granule, VirtualMap.of(plan.window(), kept), permissionsThen, registers, ranges);
  }

  /** Whether a region is mapped only because firmware still needs it for a while. */
  static boolean isBootServices(EfiMemoryDescriptor region) {
    return (region.type() == MemoryType.BOOT_SERVICES_CODE
            || region.type() == MemoryType.BOOT_SERVICES_DATA)
        && !region.isRuntime();
  }

  /**
   * Everything that is to be mapped, at all of its addresses.
   *
   * @throws IllegalArgumentException if a virtual address is that of other memory, or device
   *     registers share a granule with memory that is cached
   */
  PageRuns runs() {
    GranuleLayout layout = layout();
    PageRuns runs = new PageRuns();
    layout.all().forEach(pages -> runs.add(new PageRun(pages.physicalStart(), pages)));
    plan.regions().forEach(region -> runs.addVirtual(region, layout));
    return runs;
  }

  /** The granules at their physical addresses. */
  GranuleLayout layout() {
    IdentityMap identity = identity();
    registers.forEach(range -> requireUncached(identity, range.mapping()));
    return new GranuleLayout(granule, identity.all());
  }

  /** All pages that are to be mapped at their physical address, as they should be. */
  IdentityMap identity() {
    IdentityMap identity = new IdentityMap();
    for (PlannedRegion region : plan.regions()) {
      MappedPages pages =
          new MappedPages(
              region.physicalAddress(),
              region.pages(),
              RegionAttributes.initial(region.descriptor()));
      permissions.tighten(pages).forEach(identity::add);
    }
    registers.forEach(range -> identity.addMissing(range.mapping()));
    ranges.forEach(identity::addMissing);
    return identity;
  }

  /** What firmware has put side by side is only reported; what the host adds is its own choice. */
  private void requireUncached(IdentityMap identity, MappedPages registers) {
    for (MappedPages pages : identity.overlapping(GranuleLayout.outward(granule, registers))) {
      if (pages.attributes().cacheType() != CacheType.UNCACHED) {
        throw new IllegalArgumentException(
            "device registers must not share a granule with cached memory: registers=0x"
                + Long.toHexString(registers.physicalStart())
                + ", memory=0x"
                + Long.toHexString(pages.physicalStart()));
      }
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.space;

import io.efirts.api.map.MappedPages;
import io.efirts.api.map.RuntimePermissions;
import io.efirts.api.memory.CacheType;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.plan.PlannedRegion;
import io.efirts.api.plan.VirtualMap;
import io.efirts.api.space.layout.IdentityMap;
import io.efirts.api.spec.MemoryAttributes;
import io.efirts.api.spec.MemoryType;
import java.util.ArrayList;
import java.util.List;

/**
 * What an EFI address space contains. Where things lie over each other, the first of this order
 * decides how the page is mapped: planned regions, page 0, device registers, further ranges.
 *
 * @param plan the regions
 * @param permissions what their pages lose
 * @param registers device registers
 * @param ranges further ranges
 */
record SpaceContent(
    VirtualMap plan,
    RuntimePermissions permissions,
    List<MmioRange> registers,
    List<MappedPages> ranges) {
  /** Firmware writes to it by mistake; a fault there would be of no use to anybody. */
  private static final MappedPages PAGE_0 = new MappedPages(0, 1, MappingAttributes.DATA);

  SpaceContent {
    registers = List.copyOf(registers);
    ranges = List.copyOf(ranges);
  }

  /** The same with one more range. */
  SpaceContent with(MappedPages range) {
    List<MappedPages> more = new ArrayList<>(ranges);
    more.add(range);
    return new SpaceContent(plan, permissions, registers, more);
  }

  /** What stays once SetVirtualAddressMap has returned. */
  SpaceContent afterBootServices(RuntimePermissions permissionsThen) {
    List<PlannedRegion> kept =
        plan.regions().stream().filter(region -> !isBootServices(region)).toList();
    return new SpaceContent(VirtualMap.of(plan.window(), kept), permissionsThen, registers, ranges);
  }

  /** Whether a region is mapped only because much firmware still needs it for a while. */
  static boolean isBootServices(PlannedRegion region) {
    return (region.type() == MemoryType.BOOT_SERVICES_CODE
            || region.type() == MemoryType.BOOT_SERVICES_DATA)
        && !region.descriptor().isRuntime();
  }

  /** Everything that is to be mapped. */
  List<PageRun> runs(IdentityMap identity) {
    List<PageRun> runs = new ArrayList<>();
    identity.all().forEach(pages -> runs.add(PageRun.identical(pages)));
    plan.regions().forEach(region -> runs.addAll(virtualRuns(region)));
    return runs;
  }

  /** The pages of a region at its virtual address; none if that is the physical one, or missing. */
  List<PageRun> virtualRuns(PlannedRegion region) {
    return region.placed() && region.virtualAddress() != region.physicalAddress()
        ? pages(region).stream().map(pages -> PageRun.virtual(region, pages)).toList()
        : List.of();
  }

  /** The pages of a region, parted where permissions change. */
  List<MappedPages> pages(PlannedRegion region) {
    boolean executable =
        region.type() == MemoryType.RUNTIME_SERVICES_CODE
            || region.type() == MemoryType.BOOT_SERVICES_CODE;
    CacheType cacheType =
        (region.attribute() & MemoryAttributes.WB) != 0 ? CacheType.WRITE_BACK : CacheType.UNCACHED;
    return permissions.tighten(
        new MappedPages(
            region.physicalAddress(),
            region.pages(),
            new MappingAttributes(true, executable, cacheType)));
  }

  /**
   * All pages that are mapped at their physical address.
   *
   * @throws IllegalArgumentException if device registers lie in memory that is cached
   */
  IdentityMap identity() {
    IdentityMap identity = new IdentityMap();
    for (PlannedRegion region : plan.regions()) {
      pages(region).forEach(identity::add);
    }
    identity.addMissing(PAGE_0);
    for (MmioRange range : registers) {
      requireUncached(identity, range.mapping());
      identity.addMissing(range.mapping());
    }
    ranges.forEach(identity::addMissing);
    return identity;
  }

  private static void requireUncached(IdentityMap identity, MappedPages registers) {
    for (MappedPages pages : identity.overlapping(registers)) {
      if (pages.attributes().cacheType() != CacheType.UNCACHED) {
        throw new IllegalArgumentException(
            "device registers must not lie in cached memory: registers=0x"
                + Long.toHexString(registers.physicalStart())
                + ", memory=0x"
                + Long.toHexString(pages.physicalStart()));
      }
    }
  }
}

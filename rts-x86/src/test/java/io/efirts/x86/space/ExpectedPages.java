// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.space;

import io.efirts.api.map.MappedPages;
import io.efirts.api.memory.CacheType;
import io.efirts.api.plan.PlannedRegion;
import io.efirts.api.spec.EfiMemoryDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * What an EFI address space must map, by the rules written down plainly: all bounds there are cut
 * physical memory into intervals; of each, the first owner in the order of the rules decides.
 *
 * @param regions the planned regions
 * @param ranges the host's ranges
 * @param attributes what the memory attributes table says of parts of regions; it is not looked at
 *     before SetVirtualAddressMap
 * @param after whether SetVirtualAddressMap has returned
 * @param canForbid whether execution can be forbidden
 */
record ExpectedPages(
    List<PlannedRegion> regions,
    List<MappedPages> ranges,
    List<EfiMemoryDescriptor> attributes,
    boolean after,
    boolean canForbid) {
  private static final long WB = 0x8;
  private static final long XP = 0x4000;
  private static final long RO = 0x2_0000;

  List<Pages> all() {
    List<Pages> all = new ArrayList<>();
    Long start = null;
    for (long end : bounds()) {
      if (start != null) {
        add(all, start, end);
      }
      start = end;
    }
    return Pages.joined(all);
  }

  private TreeSet<Long> bounds() {
    TreeSet<Long> bounds = new TreeSet<>(List.of(0L, 4096L));
    for (PlannedRegion region : regions) {
      bounds.add(region.physicalAddress());
      bounds.add(region.physicalAddress() + region.pages() * 4096);
    }
    for (MappedPages range : ranges) {
      bounds.add(range.physicalStart());
      bounds.add(range.physicalStart() + range.pages() * 4096);
    }
    for (EfiMemoryDescriptor part : attributes) {
      bounds.add(part.physicalStart());
      bounds.add(part.physicalStart() + part.numberOfPages() * 4096);
    }
    return bounds;
  }

  private void add(List<Pages> all, long start, long end) {
    for (PlannedRegion region : regions) {
      if (isIn(start, region.physicalAddress(), region.pages()) && !isGone(region)) {
        Pages pages = ofRegion(region, start, end);
        all.add(pages);
        if (region.placed() && region.virtualAddress() != region.physicalAddress()) {
          long distance = region.virtualAddress() - region.physicalAddress();
          all.add(
              new Pages(
                  start + distance,
                  end - 1 + distance,
                  start,
                  pages.writable(),
                  pages.executable(),
                  pages.cacheType()));
        }
        return;
      }
    }
    if (start == 0) {
      all.add(new Pages(0, 4095, 0, true, !canForbid, CacheType.WRITE_BACK));
      return;
    }
    for (MappedPages range : ranges) {
      if (isIn(start, range.physicalStart(), range.pages())) {
        all.add(
            new Pages(
                start,
                end - 1,
                start,
                range.attributes().writable(),
                range.attributes().executable() || !canForbid,
                range.attributes().cacheType()));
        return;
      }
    }
  }

  private boolean isGone(PlannedRegion region) {
    return after && (region.type() == 3 || region.type() == 4) && region.attribute() >= 0;
  }

  private Pages ofRegion(PlannedRegion region, long start, long end) {
    boolean writable = true;
    boolean executable = region.type() == 3 || region.type() == 5;
    for (EfiMemoryDescriptor part : attributes) {
      if (after && isIn(start, part.physicalStart(), part.numberOfPages())) {
        writable = (part.attribute() & RO) == 0;
        executable &= (part.attribute() & XP) == 0;
      }
    }
    CacheType cacheType =
        (region.attribute() & WB) != 0 ? CacheType.WRITE_BACK : CacheType.UNCACHED;
    return new Pages(start, end - 1, start, writable, executable || !canForbid, cacheType);
  }

  private static boolean isIn(long address, long start, long pages) {
    return address >= start && address < start + pages * 4096;
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.space;

import io.efirts.api.map.MappedPages;
import io.efirts.api.memory.CacheType;
import io.efirts.api.plan.PlannedRegion;
import io.efirts.api.spec.EfiMemoryDescriptor;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What an EFI address space must map, by the rules written down plainly: all bounds there are, and
 * the granules they lie in, cut physical memory into intervals; of each, the first owner in the
 * order of the rules decides what it needs; the intervals of one granule get what any of them
 * needs.
 *
 * @param granuleBytes size of a granule
 * @param regions the planned regions
 * @param ranges the host's ranges
 * @param attributes what the memory attributes table says of parts of regions; it is not looked at
 *     before SetVirtualAddressMap
 * @param after whether SetVirtualAddressMap has returned
 */
record ExpectedPages(
    long granuleBytes,
    List<PlannedRegion> regions,
    List<MappedPages> ranges,
    List<EfiMemoryDescriptor> attributes,
    boolean after) {
  private static final long WC = 0x2;
  private static final long WT = 0x4;
  private static final long WB = 0x8;
  private static final long XP = 0x4000;
  private static final long RO = 0x2_0000;

  List<Pages> all() {
    TreeMap<Long, Pages> physical = new TreeMap<>();
    Long start = null;
    for (long end : bounds()) {
      Pages needed = start == null ? null : needed(start, end);
      if (needed != null) {
        long granule = start & -granuleBytes;
        physical.merge(granule, outward(needed), ExpectedPages::both);
      }
      start = end;
    }
    TreeSet<Pages> all = new TreeSet<>((a, b) -> Long.compare(a.first(), b.first()));
    all.addAll(physical.values());
    for (PlannedRegion region : regions) {
      if (!isGone(region) && region.placed()) {
        long distance = region.virtualAddress() - region.physicalAddress();
        long first = region.physicalAddress() & -granuleBytes;
        long end = region.physicalAddress() + region.pages() * 4096;
        for (Pages pages : physical.subMap(first, end).values()) {
          all.add(moved(pages, distance));
        }
      }
    }
    return Pages.joined(List.copyOf(all));
  }

  /** Every bound, and the bounds of the granules in which it lies. */
  private TreeSet<Long> bounds() {
    TreeSet<Long> bounds = new TreeSet<>();
    regions.forEach(r -> addBounds(bounds, r.physicalAddress(), r.pages()));
    ranges.forEach(r -> addBounds(bounds, r.physicalStart(), r.pages()));
    attributes.forEach(p -> addBounds(bounds, p.physicalStart(), p.numberOfPages()));
    return bounds;
  }

  private void addBounds(TreeSet<Long> bounds, long start, long pages) {
    for (long bound : new long[] {start, start + pages * 4096}) {
      bounds.add(bound);
      bounds.add(bound & -granuleBytes);
      bounds.add(bound + granuleBytes - 1 & -granuleBytes);
    }
  }

  private Pages outward(Pages pages) {
    long first = pages.first() & -granuleBytes;
    return new Pages(
        first,
        pages.last() | granuleBytes - 1,
        first,
        pages.writable(),
        pages.executable(),
        pages.cacheType());
  }

  private static Pages both(Pages a, Pages b) {
    List<CacheType> order =
        List.of(
            CacheType.UNCACHED,
            CacheType.WRITE_COMBINING,
            CacheType.WRITE_THROUGH,
            CacheType.WRITE_BACK);
    int weaker = Math.min(order.indexOf(a.cacheType()), order.indexOf(b.cacheType()));
    return new Pages(
        a.first(),
        a.last(),
        a.physical(),
        a.writable() || b.writable(),
        a.executable() || b.executable(),
        order.get(weaker));
  }

  private static Pages moved(Pages pages, long distance) {
    return new Pages(
        pages.first() + distance,
        pages.last() + distance,
        pages.physical(),
        pages.writable(),
        pages.executable(),
        pages.cacheType());
  }

  /** What lies from one bound to the next must have, or null if nothing does. */
  private Pages needed(long start, long end) {
    for (PlannedRegion region : regions) {
      if (isIn(start, region.physicalAddress(), region.pages()) && !isGone(region)) {
        return ofRegion(region, start, end);
      }
    }
    for (MappedPages range : ranges) {
      if (isIn(start, range.physicalStart(), range.pages())) {
        return new Pages(
            start,
            end - 1,
            start,
            range.attributes().writable(),
            range.attributes().executable(),
            range.attributes().cacheType());
      }
    }
    return null;
  }

  private boolean isGone(PlannedRegion region) {
    return after && (region.type() == 3 || region.type() == 4) && region.attribute() >= 0;
  }

  private Pages ofRegion(PlannedRegion region, long start, long end) {
    if (region.type() == 11 || region.type() == 12) {
      return new Pages(start, end - 1, start, true, false, CacheType.UNCACHED);
    }
    boolean readOnly = (region.attribute() & RO) != 0;
    boolean noExecute = (region.attribute() & XP) != 0;
    boolean code = region.type() == 3 || region.type() == 5;
    boolean writable = !readOnly;
    boolean executable = !noExecute && (readOnly || code);
    for (EfiMemoryDescriptor part : attributes) {
      if (after && isIn(start, part.physicalStart(), part.numberOfPages())) {
        writable &= (part.attribute() & RO) == 0;
        executable &= (part.attribute() & XP) == 0;
      }
    }
    CacheType cacheType = CacheType.UNCACHED;
    if ((region.attribute() & WB) != 0) {
      cacheType = CacheType.WRITE_BACK;
    } else if ((region.attribute() & WT) != 0) {
      cacheType = CacheType.WRITE_THROUGH;
    } else if ((region.attribute() & WC) != 0) {
      cacheType = CacheType.WRITE_COMBINING;
    }
    return new Pages(start, end - 1, start, writable, executable, cacheType);
  }

  private static boolean isIn(long address, long start, long pages) {
    return address >= start && address < start + pages * 4096;
  }
}

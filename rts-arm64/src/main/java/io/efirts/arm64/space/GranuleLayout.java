// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.space;

import io.efirts.api.map.MappedPages;
import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.CacheType;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.space.layout.IdentityMap;
import io.efirts.arm64.paging.Granule;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Pages of 4 KiB rounded outward to whole granules. What lies in one granule gets all permissions
 * that any of it needs: fewer would break firmware, whose fault it is. Immutable once made.
 */
final class GranuleLayout {
  private final Granule granule;

  /** Whole granules by physical address, with neighbours that are alike as one. */
  private final IdentityMap rounded = new IdentityMap();

  private final List<SharedGranule> shared = new ArrayList<>();

  /** Lays out disjoint pages that are in physical order. */
  GranuleLayout(Granule granule, List<MappedPages> pages) {
    this.granule = granule;
    TreeMap<Long, MappedPages> whole = new TreeMap<>();
    TreeMap<Long, List<MappedPages>> parts = new TreeMap<>();
    for (MappedPages run : pages) {
      long end = run.physicalEnd();
      for (long at = run.physicalStart(), next; at < end; at = next) {
        boolean aligned = at == floor(at);
        next = aligned && floor(end) > at ? floor(end) : Math.min(end, floor(at) + bytes());
        MappedPages piece = pages(at, next, run.attributes());
        if (aligned && next == floor(next)) {
          whole.put(at, piece);
        } else {
          parts.computeIfAbsent(floor(at), start -> new ArrayList<>()).add(piece);
        }
      }
    }
    parts.forEach((start, in) -> whole.put(start, common(start, in)));
    join(whole);
  }

  /** The granules in which pages lie. */
  static MappedPages outward(Granule granule, MappedPages pages) {
    long mask = -(long) granule.bytes();
    long end = pages.physicalEnd() + granule.bytes() - 1 & mask;
    return pages(pages.physicalStart() & mask, end, pages.attributes());
  }

  private MappedPages common(long start, List<MappedPages> parts) {
    MappingAttributes all = parts.getFirst().attributes();
    for (MappedPages part : parts) {
      all = union(all, part.attributes());
    }
    SharedGranule made = new SharedGranule(start, granule, all, parts);
    MappingAttributes common = all;
    if (made.foreignBytes() > 0
        || parts.stream().anyMatch(part -> !part.attributes().equals(common))) {
      shared.add(made);
    }
    return pages(start, start + bytes(), all);
  }

  /** Both permissions, and the weaker memory type: no cache where one part must not have one. */
  private static MappingAttributes union(MappingAttributes a, MappingAttributes b) {
    CacheType weaker = a.cacheType().compareTo(b.cacheType()) <= 0 ? a.cacheType() : b.cacheType();
    return new MappingAttributes(
        a.writable() || b.writable(), a.executable() || b.executable(), weaker);
  }

  private void join(TreeMap<Long, MappedPages> whole) {
    MappedPages last = null;
    for (MappedPages next : whole.values()) {
      if (last != null
          && last.physicalEnd() == next.physicalStart()
          && last.attributes().equals(next.attributes())) {
        last = pages(last.physicalStart(), next.physicalEnd(), last.attributes());
      } else {
        if (last != null) {
          rounded.add(last);
        }
        last = next;
      }
    }
    if (last != null) {
      rounded.add(last);
    }
  }

  /** All granules, in physical order. */
  List<MappedPages> all() {
    return rounded.all();
  }

  Granule granule() {
    return granule;
  }

  /** The granules in which pages lie, all of which are in here. */
  List<MappedPages> around(MappedPages pages) {
    MappedPages all = outward(granule, pages);
    List<MappedPages> found = new ArrayList<>();
    for (MappedPages run : rounded.overlapping(all)) {
      found.add(
          pages(
              Math.max(all.physicalStart(), run.physicalStart()),
              Math.min(all.physicalEnd(), run.physicalEnd()),
              run.attributes()));
    }
    return found;
  }

  /** The granules that are not mapped as each of their parts should be, in physical order. */
  List<SharedGranule> shared() {
    return List.copyOf(shared);
  }

  private long floor(long address) {
    return address & -(long) bytes();
  }

  private int bytes() {
    return granule.bytes();
  }

  private static MappedPages pages(long start, long end, MappingAttributes attributes) {
    return new MappedPages(start, (end - start) / AddressSpace.PAGE_BYTES, attributes);
  }
}

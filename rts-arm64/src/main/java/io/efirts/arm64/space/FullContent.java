// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.space;

import io.efirts.api.map.MappedPages;
import io.efirts.api.map.MemoryMap;
import io.efirts.api.plan.VirtualMap;
import io.efirts.api.space.layout.IdentityMap;
import io.efirts.api.space.layout.IdentityReach;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.arm64.paging.Granule;
import java.util.List;

/**
 * What a full identity map contains. Of pages that both have, a region decides and not a range.
 *
 * @param granule smallest unit of mapping
 * @param reach how far it can go
 * @param map all memory
 * @param ranges further ranges
 * @param aliases regions that have a virtual address too
 */
record FullContent(
    Granule granule,
    IdentityReach reach,
    MemoryMap map,
    List<MappedPages> ranges,
    VirtualMap aliases) {
  FullContent {
    ranges = List.copyOf(ranges);
  }

  FullContent withMap(MemoryMap other) {
    return new FullContent(granule, reach, other, ranges, aliases);
  }

  FullContent withAliases(VirtualMap plan) {
    return new FullContent(granule, reach, map, ranges, plan);
  }

  /** Everything that is to be mapped, at all of its addresses. */
  PageRuns runs() {
    IdentityMap identity = identity();
    // Regions need not be in the memory map to have an alias.
    aliases.regions().forEach(region -> identity.addMissing(unrestricted(region.descriptor())));
    GranuleLayout all = new GranuleLayout(granule, identity.all());
    PageRuns runs = new PageRuns();
    for (MappedPages pages : new GranuleLayout(granule, identity().all()).all()) {
      for (MappedPages part : reach.within(pages)) {
        runs.add(new PageRun(part.physicalStart(), part));
      }
    }
    aliases.regions().forEach(region -> runs.addVirtual(region, all));
    return runs;
  }

  /** All pages, also those that cannot be mapped at their physical address. */
  IdentityMap identity() {
    IdentityMap identity = new IdentityMap();
    map.regions().forEach(region -> identity.add(unrestricted(region)));
    ranges.forEach(identity::addMissing);
    return identity;
  }

  private static MappedPages unrestricted(EfiMemoryDescriptor region) {
    return new MappedPages(
        region.physicalStart(), region.numberOfPages(), RegionAttributes.unrestricted(region));
  }

  /** What cannot be mapped at its physical address, in physical order. */
  List<MappedPages> beyondReach() {
    return identity().all().stream().flatMap(pages -> reach.beyond(pages).stream()).toList();
  }
}

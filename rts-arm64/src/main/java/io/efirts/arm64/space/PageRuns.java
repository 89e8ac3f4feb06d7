// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.space;

import io.efirts.api.map.MappedPages;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.plan.PlannedRegion;
import io.efirts.arm64.paging.Granule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All that an address space maps: runs without overlap, by virtual address. */
final class PageRuns {
  /** Every address here is below 2^52. */
  private final TreeMap<Long, PageRun> runs = new TreeMap<>();

  PageRuns() {}

  /**
   * Adds a run. Granules of it that are mapped there already, to the same memory, are not added
   * twice: neighbours at one distance share the granule between them at both addresses.
   *
   * @throws IllegalArgumentException if other memory is mapped there
   */
  void add(PageRun run) {
    for (PageRun other : overlapping(run)) {
      if (other.distance() != run.distance()) {
        throw new IllegalArgumentException(
            "a granule must have one meaning at an address: address=0x%x, physical=0x%x, other=0x%x"
                .formatted(
                    run.virtualAddress(),
                    run.pages().physicalStart(),
                    run.virtualAddress() - other.distance()));
      }
    }
    missing(run).forEach(part -> runs.put(part.virtualAddress(), part));
  }

  /**
   * Adds a region at its virtual address, if it has one that is not its physical one.
   *
   * @throws IllegalArgumentException if other memory is mapped there, or the two addresses differ
   *     in their place within a granule
   */
  void addVirtual(PlannedRegion region, GranuleLayout layout) {
    long distance = region.virtualAddress() - region.physicalAddress();
    if (region.placed() && distance != 0) {
      requireWholeGranules(region, distance, layout.granule());
      MappedPages all =
          new MappedPages(region.physicalAddress(), region.pages(), MappingAttributes.DATA);
      for (MappedPages pages : layout.around(all)) {
        add(new PageRun(pages.physicalStart() + distance, pages));
      }
    }
  }

  /** A plan made for smaller pages cannot be mapped with larger ones. */
  private static void requireWholeGranules(PlannedRegion region, long distance, Granule granule) {
    if (distance % granule.bytes() != 0) {
      throw new IllegalArgumentException(
          ("virtual and physical address must be congruent modulo the granule:"
                  + " virtualAddress=0x%x, physicalAddress=0x%x, granule=%s")
              .formatted(region.virtualAddress(), region.physicalAddress(), granule));
    }
  }

  /** All runs by ascending address. */
  List<PageRun> all() {
    return List.copyOf(runs.values());
  }

  /** The parts of a run at whose addresses nothing is mapped here. */
  List<PageRun> missing(PageRun run) {
    List<PageRun> missing = new ArrayList<>();
    long at = run.virtualAddress();
    for (PageRun other : overlapping(run)) {
      if (other.virtualAddress() > at) {
        missing.add(run.part(at, other.virtualAddress()));
      }
      at = other.end();
    }
    if (at < run.end()) {
      missing.add(run.part(at, run.end()));
    }
    return missing;
  }

  /** The parts of a run that are mapped here with other attributes. */
  List<PageRun> different(PageRun run) {
    List<PageRun> different = new ArrayList<>();
    for (PageRun other : overlapping(run)) {
      if (!other.attributes().equals(run.attributes())) {
        long from = Math.max(run.virtualAddress(), other.virtualAddress());
        different.add(run.part(from, Math.min(run.end(), other.end())));
      }
    }
    return different;
  }

  private List<PageRun> overlapping(PageRun run) {
    Map.Entry<Long, PageRun> below = runs.lowerEntry(run.virtualAddress());
    boolean reaches = below != null && below.getValue().end() > run.virtualAddress();
    long from = reaches ? below.getKey() : run.virtualAddress();
    return List.copyOf(runs.subMap(from, run.end()).values());
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.space.layout;

import io.efirts.api.map.MappedPages;
import io.efirts.api.memory.AddressSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which pages are mapped at their physical addresses, and how: disjoint, in physical order. For one
 * thread.
 */
public final class IdentityMap {
  private final TreeMap<Long, MappedPages> runs = new TreeMap<>();

  /** No pages. */
  public IdentityMap() {}

  /**
   * Adds pages none of which are in here yet.
   *
   * @param pages the pages and how to map them
   */
  public void add(MappedPages pages) {
    runs.put(pages.physicalStart(), pages);
  }

  /**
   * Adds the parts of a range that are not in here yet; what is in here stays as it is.
   *
   * @param range the pages and how to map them
   */
  public void addMissing(MappedPages range) {
    missing(range).forEach(this::add);
  }

  /**
   * All pages.
   *
   * @return an immutable list in physical order, in runs as they were added
   */
  public List<MappedPages> all() {
    return List.copyOf(runs.values());
  }

  /**
   * The parts of a range that are not in here.
   *
   * @param range the pages and how to map them
   * @return a list in physical order
   */
  public List<MappedPages> missing(MappedPages range) {
    List<MappedPages> missing = new ArrayList<>();
    long at = range.physicalStart();
    for (MappedPages run : overlapping(range)) {
      if (run.physicalStart() > at) {
        missing.add(part(range, at, run.physicalStart()));
      }
      at = run.physicalEnd();
    }
    if (at < range.physicalEnd()) {
      missing.add(part(range, at, range.physicalEnd()));
    }
    return missing;
  }

  /**
   * The runs in here that share pages with a range.
   *
   * @param range any pages
   * @return an immutable list in physical order, in runs as they were added
   */
  public List<MappedPages> overlapping(MappedPages range) {
    Map.Entry<Long, MappedPages> below = runs.lowerEntry(range.physicalStart());
    boolean reaches = below != null && below.getValue().physicalEnd() > range.physicalStart();
    long from = reaches ? below.getKey() : range.physicalStart();
    return List.copyOf(runs.subMap(from, range.physicalEnd()).values());
  }

  private static MappedPages part(MappedPages range, long start, long end) {
    return new MappedPages(start, (end - start) / AddressSpace.PAGE_BYTES, range.attributes());
  }
}

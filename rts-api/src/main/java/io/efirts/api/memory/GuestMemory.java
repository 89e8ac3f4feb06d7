// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.memory;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The physical memory of one guest: disjoint regions, fixed at creation. It owns nothing; the
 * embedder keeps the segments alive as long as calls are possible.
 *
 * <p>Immutable and safe for any thread. Access to the bytes has the memory effects of the {@link
 * java.lang.foreign.MemorySegment} behind them, that is none: ordering comes from the gate.
 */
public final class GuestMemory {
  private final MemoryRegion[] regions;

  private GuestMemory(MemoryRegion[] regions) {
    this.regions = regions;
  }

  /**
   * The memory made of these regions.
   *
   * @param regions one or more regions in any order
   * @return the guest's memory
   * @throws IllegalArgumentException if there is no region or two overlap
   */
  public static GuestMemory of(List<MemoryRegion> regions) {
    MemoryRegion[] sorted = regions.toArray(MemoryRegion[]::new);
    if (sorted.length == 0) {
      throw new IllegalArgumentException("guest memory must have at least one region: regions=0");
    }
    Arrays.sort(sorted, Comparator.comparingLong(region -> region.base().value()));
    for (int i = 1; i < sorted.length; i++) {
      if (sorted[i].base().value() < sorted[i - 1].end()) {
        throw new IllegalArgumentException(
            "regions must not overlap: first="
                + sorted[i - 1].base()
                + ", second="
                + sorted[i].base());
      }
    }
    return new GuestMemory(sorted);
  }

  /**
   * The regions in physical order.
   *
   * @return an immutable list
   */
  public List<MemoryRegion> regions() {
    return List.of(regions);
  }

  /**
   * The region that holds an address. Never allocates, never blocks; binary search.
   *
   * @param physicalAddress the address
   * @return the region, or null where the guest has no memory
   */
  public MemoryRegion regionAt(long physicalAddress) {
    int low = 0;
    int high = regions.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      MemoryRegion region = regions[middle];
      if (physicalAddress < region.base().value()) {
        high = middle - 1;
      } else if (physicalAddress >= region.end()) {
        low = middle + 1;
      } else {
        return region;
      }
    }
    return null;
  }
}

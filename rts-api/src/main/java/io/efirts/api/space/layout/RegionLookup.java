// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.space.layout;

import io.efirts.api.map.MemoryMap;
import io.efirts.api.plan.PlannedRegion;
import io.efirts.api.plan.VirtualMap;
import io.efirts.api.spec.EfiMemoryDescriptor;
import java.util.List;

/**
 * Finds the memory descriptor of an address, also of regions that are mapped no more. Immutable.
 */
public final class RegionLookup {
  private static final List<EfiMemoryDescriptor> NO_REGIONS = List.of();

  /** As planned before SetVirtualAddressMap. */
  private final VirtualMap plan;

  private final MemoryMap map;

  /**
   * For one address space.
   *
   * @param plan the regions as planned before SetVirtualAddressMap
   * @param mapOrNull all of firmware's memory map, or null if only planned regions are known
   */
  public RegionLookup(VirtualMap plan, MemoryMap mapOrNull) {
    this.plan = plan;
    this.map = mapOrNull;
  }

  /**
   * The region that was planned to have an address.
   *
   * @param address physical or virtual; where it is both, the virtual one counts
   * @return the region, or null
   */
  public PlannedRegion planned(long address) {
    PlannedRegion physical = null;
    for (PlannedRegion region : plan.regions()) {
      if (isVirtualIn(region, address)) {
        return region;
      }
      if (distance(region.physicalAddress(), region.lengthBytes(), address) == 0) {
        physical = region;
      }
    }
    return physical;
  }

  /**
   * Whether an address is one of a region's virtual ones.
   *
   * @param region the region
   * @param address any address
   * @return false too if the region has no virtual address
   */
  public static boolean isVirtualIn(PlannedRegion region, long address) {
    return region.placed() && distance(region.virtualAddress(), region.lengthBytes(), address) == 0;
  }

  /**
   * The descriptor that contains an address.
   *
   * @param address physical or virtual
   * @return the descriptor, with the planned virtual address; or null
   */
  public EfiMemoryDescriptor containing(long address) {
    PlannedRegion region = planned(address);
    if (region != null) {
      return region.descriptor();
    }
    return map == null ? null : map.regionAt(address);
  }

  /**
   * The descriptor that contains an address, else the nearest.
   *
   * @param address any address
   * @return the descriptor; null if there is none at all
   */
  public EfiMemoryDescriptor nearest(long address) {
    EfiMemoryDescriptor nearest = containing(address);
    if (nearest != null) {
      return nearest;
    }
    long least = -1;
    for (PlannedRegion region : plan.regions()) {
      long distance = distance(region, address);
      if (nearest == null || Long.compareUnsigned(distance, least) < 0) {
        nearest = region.descriptor();
        least = distance;
      }
    }
    for (EfiMemoryDescriptor region : map == null ? NO_REGIONS : map.regions()) {
      long length = region.numberOfPages() * EfiMemoryDescriptor.PAGE_SIZE_BYTES;
      long distance = distance(region.physicalStart(), length, address);
      if (nearest == null || Long.compareUnsigned(distance, least) < 0) {
        nearest = region;
        least = distance;
      }
    }
    return nearest;
  }

  private static long distance(PlannedRegion region, long address) {
    long physical = distance(region.physicalAddress(), region.lengthBytes(), address);
    if (!region.placed()) {
      return physical;
    }
    long virtual = distance(region.virtualAddress(), region.lengthBytes(), address);
    return Long.compareUnsigned(virtual, physical) < 0 ? virtual : physical;
  }

  /** How many bytes an address is outside a range; unsigned, 0 inside. */
  private static long distance(long start, long lengthBytes, long address) {
    if (Long.compareUnsigned(address, start) < 0) {
      return start - address;
    }
    long offset = address - start;
    return Long.compareUnsigned(offset, lengthBytes) < 0 ? 0 : offset - lengthBytes + 1;
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.map;

import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryDescriptorArray;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * A memory map that was checked: regions in physical order, none empty, unaligned, beyond 52 bits,
 * or over another. Holes are possible. Types and attributes are as firmware gave them.
 *
 * <p>Immutable; any thread may call, nothing blocks.
 */
public final class MemoryMap {
  private final List<EfiMemoryDescriptor> regions;

  /** Takes regions that were checked and are in physical order. */
  MemoryMap(Collection<EfiMemoryDescriptor> regions) {
    this.regions = List.copyOf(regions);
  }

  /**
   * Checks and sorts.
   *
   * @param regions regions in any order
   * @return the map
   * @throws IllegalArgumentException when {@link MemoryMapBuilder} refuses one of them
   */
  public static MemoryMap of(Iterable<EfiMemoryDescriptor> regions) {
    Objects.requireNonNull(regions, "regions");
    MemoryMapBuilder builder = new MemoryMapBuilder();
    for (EfiMemoryDescriptor region : regions) {
      builder.add(region);
    }
    return builder.build();
  }

  /**
   * Reads, checks and sorts an array of descriptors.
   *
   * @param array the memory of the array, nothing else
   * @param descriptorSize distance between descriptors in bytes, at least 40, a multiple of 8
   * @param descriptorVersion version of the descriptors, 1
   * @return the map
   * @throws IllegalArgumentException when the array cannot be one, or {@link MemoryMapBuilder}
   *     refuses a region
   */
  public static MemoryMap read(MemorySegment array, long descriptorSize, long descriptorVersion) {
    return of(MemoryDescriptorArray.read(array, descriptorSize, descriptorVersion));
  }

  /**
   * The regions.
   *
   * @return an immutable list in physical order
   */
  public List<EfiMemoryDescriptor> regions() {
    return regions;
  }

  /**
   * The region that holds an address. Allocates nothing; binary search.
   *
   * @param physicalAddress the address
   * @return the region, or null where the map has none
   */
  public EfiMemoryDescriptor regionAt(long physicalAddress) {
    int low = 0;
    int high = regions.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      EfiMemoryDescriptor region = regions.get(middle);
      if (physicalAddress < region.physicalStart()) {
        high = middle - 1;
      } else if (physicalAddress >= MemoryMapBuilder.endOf(region)) {
        low = middle + 1;
      } else {
        return region;
      }
    }
    return null;
  }

  /**
   * The same memory in as few regions as can be: neighbours without a hole between them whose type
   * and attributes are equal become one. To be done before virtual addresses are given: of those,
   * that of the first region is kept.
   *
   * @return the merged map
   */
  public MemoryMap merged() {
    List<EfiMemoryDescriptor> merged = new ArrayList<>();
    for (EfiMemoryDescriptor region : regions) {
      EfiMemoryDescriptor last = merged.isEmpty() ? null : merged.getLast();
      if (last != null && continues(last, region)) {
        merged.set(merged.size() - 1, joined(last, region));
      } else {
        merged.add(region);
      }
    }
    return new MemoryMap(merged);
  }

  private static boolean continues(EfiMemoryDescriptor first, EfiMemoryDescriptor second) {
    return first.type() == second.type()
        && first.attribute() == second.attribute()
        && MemoryMapBuilder.endOf(first) == second.physicalStart();
  }

  private static EfiMemoryDescriptor joined(EfiMemoryDescriptor first, EfiMemoryDescriptor second) {
    return new EfiMemoryDescriptor(
        first.type(),
        first.physicalStart(),
        first.virtualStart(),
        first.numberOfPages() + second.numberOfPages(),
        first.attribute());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MemoryMap map && regions.equals(map.regions);
  }

  @Override
  public int hashCode() {
    return regions.hashCode();
  }

  /**
   * Returns the regions in words.
   *
   * @return the descriptors as a list
   */
  @Override
  public String toString() {
    return regions.toString();
  }
}

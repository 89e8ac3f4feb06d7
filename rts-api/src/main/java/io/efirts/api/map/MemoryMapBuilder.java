// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.map;

import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.spec.EfiMemoryDescriptor;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Takes the regions of a memory map one by one, in any order, and none that contradicts the others.
 * For one thread; nothing blocks.
 */
public final class MemoryMapBuilder {
  private static final long PAGE = EfiMemoryDescriptor.PAGE_SIZE_BYTES;
  private static final long PHYSICAL_END = 1L << PhysicalAddress.MAXIMUM_BITS;

  /** By first address, which is never negative here. */
  private final TreeMap<Long, EfiMemoryDescriptor> regions = new TreeMap<>();

  /** Without regions. */
  public MemoryMapBuilder() {}

  /**
   * Adds a region.
   *
   * @param region the region; its virtual address is not looked at
   * @return this
   * @throws IllegalArgumentException when the region is refused; the map is then as before
   */
  public MemoryMapBuilder add(EfiMemoryDescriptor region) {
    String refusal = refusalOf(region);
    if (refusal != null) {
      throw new IllegalArgumentException(refusal);
    }
    regions.put(region.physicalStart(), region);
    return this;
  }

  /**
   * Says why a region cannot be added: its start is no multiple of 4 KiB, it has no page, it ends
   * beyond 52 bits (or wraps), or it overlaps another.
   *
   * @param region the region
   * @return the rule that is broken and by what, or null when it can be added
   */
  public String refusalOf(EfiMemoryDescriptor region) {
    Objects.requireNonNull(region, "region");
    long start = region.physicalStart();
    long pages = region.numberOfPages();
    if (start % PAGE != 0) {
      return "physicalStart must be a multiple of 4096: physicalStart=" + hex(start);
    }
    if (pages == 0) {
      return "region must have a page: physicalStart=" + hex(start) + ", numberOfPages=0";
    }
    // Both are unsigned: what is negative here is far too large.
    if (start < 0 || start >= PHYSICAL_END || pages < 0 || pages > (PHYSICAL_END - start) / PAGE) {
      return "region must end within 52 bits: physicalStart="
          + hex(start)
          + ", numberOfPages="
          + Long.toUnsignedString(pages);
    }
    Map.Entry<Long, EfiMemoryDescriptor> other = regions.lowerEntry(endOf(region));
    if (other != null && endOf(other.getValue()) > start) {
      return "regions must not overlap: physicalStart="
          + hex(start)
          + ", numberOfPages="
          + pages
          + ", other="
          + hex(other.getKey())
          + ", otherPages="
          + other.getValue().numberOfPages();
    }
    return null;
  }

  /**
   * The map of what was added so far.
   *
   * @return the map, possibly without regions
   */
  public MemoryMap build() {
    return new MemoryMap(regions.values());
  }

  /** First address behind a region that was checked. */
  static long endOf(EfiMemoryDescriptor region) {
    return region.physicalStart() + region.numberOfPages() * PAGE;
  }

  private static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }
}

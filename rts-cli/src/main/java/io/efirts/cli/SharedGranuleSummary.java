// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.map.MappedPages;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.arm64.space.SharedGranule;
import java.util.ArrayList;
import java.util.List;

/**
 * A granule that is not mapped as each of its parts should be, as {@code --json} shows it.
 *
 * @param physicalAddress its first physical address, in hex with {@code 0x}
 * @param bytes its size
 * @param permissions how it is mapped: {@code r--}, {@code rw-}, {@code r-x} or {@code rwx}
 * @param cache its memory type
 * @param foreignBytes how much of it is mapped and belongs to no region
 * @param breaksWriteXorExecute whether it is writable and executable although no part should be
 * @param parts what lies in it, in physical order
 */
record SharedGranuleSummary(
    String physicalAddress,
    long bytes,
    String permissions,
    String cache,
    long foreignBytes,
    boolean breaksWriteXorExecute,
    List<Part> parts) {

  /**
   * What lies of one region in a granule, or a piece of that with permissions of its own.
   *
   * @param type the region's memory type, unsigned
   * @param region the region's first physical address
   * @param physicalAddress the part's
   * @param pages length in pages of 4 KiB
   * @param permissions how it would be mapped alone
   * @param cache with which memory type
   */
  record Part(
      long type,
      String region,
      String physicalAddress,
      long pages,
      String permissions,
      String cache) {}

  /**
   * Names what lies in granules.
   *
   * @param granules the granules
   * @param regions all regions that are mapped, in physical order
   */
  static List<SharedGranuleSummary> of(
      List<SharedGranule> granules, List<EfiMemoryDescriptor> regions) {
    return granules.stream().map(granule -> of(granule, regions)).toList();
  }

  private static SharedGranuleSummary of(SharedGranule granule, List<EfiMemoryDescriptor> regions) {
    List<Part> parts = new ArrayList<>();
    for (MappedPages pages : granule.parts()) {
      for (EfiMemoryDescriptor region : regions) {
        addCommon(parts, pages, region);
      }
    }
    return new SharedGranuleSummary(
        HexText.of(granule.physicalStart()),
        granule.granule().bytes(),
        granule.attributes().permissions(),
        MappingSummary.cache(granule.attributes().cacheType()),
        granule.foreignBytes(),
        granule.breaksWriteXorExecute(),
        List.copyOf(parts));
  }

  private static void addCommon(List<Part> parts, MappedPages pages, EfiMemoryDescriptor region) {
    long regionEnd =
        region.physicalStart() + region.numberOfPages() * EfiMemoryDescriptor.PAGE_SIZE_BYTES;
    long start = Math.max(pages.physicalStart(), region.physicalStart());
    long end = Math.min(pages.physicalEnd(), regionEnd);
    if (start < end) {
      parts.add(
          new Part(
              Integer.toUnsignedLong(region.type()),
              HexText.of(region.physicalStart()),
              HexText.of(start),
              (end - start) / EfiMemoryDescriptor.PAGE_SIZE_BYTES,
              pages.attributes().permissions(),
              MappingSummary.cache(pages.attributes().cacheType())));
    }
  }
}

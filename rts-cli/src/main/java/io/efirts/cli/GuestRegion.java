// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.paging.Mapping;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryAttributes;
import io.efirts.api.spec.MemoryType;
import java.util.ArrayList;
import java.util.List;

/**
 * A runtime region as firmware is called in it. Addresses are text in hex.
 *
 * @param type the specification's name
 * @param physicalAddress the first physical address
 * @param virtualAddress the first virtual address, which firmware was told
 * @param pages length in pages of 4 KiB
 * @param attributes the descriptor's, by their names
 * @param parts what is mapped of it and how, in ascending order
 */
record GuestRegion(
    String type,
    String physicalAddress,
    String virtualAddress,
    long pages,
    String attributes,
    List<Part> parts) {
  /**
   * Pages of a region that follow each other and are mapped alike.
   *
   * @param firstPage the first one, counted from the region's start
   * @param pages how many
   * @param permissions {@code r--}, {@code rw-}, {@code r-x} or {@code rwx}
   * @param cache the memory type: WB, WT, WC, WP or UC
   */
  record Part(long firstPage, long pages, String permissions, String cache) {
    private boolean continuedBy(Part next) {
      return firstPage + pages == next.firstPage
          && permissions.equals(next.permissions)
          && cache.equals(next.cache);
    }
  }

  /** The runtime regions of a host, as its tables map them now. */
  static List<GuestRegion> of(GuestHost host) {
    List<Mapping> mappings = host.mappings().get();
    return host.runtimeRegions().stream().map(region -> of(region, mappings)).toList();
  }

  /** A region, and those of the mappings that lie at its virtual addresses. */
  static GuestRegion of(EfiMemoryDescriptor region, List<Mapping> mappings) {
    long start = region.virtualStart();
    long last = start + region.numberOfPages() * EfiMemoryDescriptor.PAGE_SIZE_BYTES - 1;
    List<Part> parts = new ArrayList<>();
    for (Mapping mapping : mappings) {
      long from = max(mapping.first().value(), start);
      long to = min(mapping.last().value(), last);
      if (Long.compareUnsigned(from, to) <= 0) {
        add(parts, part(start, from, to, mapping.attributes()));
      }
    }
    return new GuestRegion(
        MemoryType.nameOf(region.type()),
        HexText.of(region.physicalStart()),
        HexText.of(start),
        region.numberOfPages(),
        MemoryAttributes.describe(region.attribute()),
        List.copyOf(parts));
  }

  private static Part part(long start, long from, long to, MappingAttributes attributes) {
    return new Part(
        (from - start) / EfiMemoryDescriptor.PAGE_SIZE_BYTES,
        (to - from + 1) / EfiMemoryDescriptor.PAGE_SIZE_BYTES,
        attributes.permissions(),
        MappingSummary.cache(attributes.cacheType()));
  }

  /** Pages of different sizes are mappings of their own, but the same part. */
  private static void add(List<Part> parts, Part next) {
    if (parts.isEmpty() || !parts.getLast().continuedBy(next)) {
      parts.add(next);
      return;
    }
    Part before = parts.removeLast();
    parts.add(
        new Part(
            before.firstPage(), before.pages() + next.pages(), next.permissions(), next.cache()));
  }

  private static long max(long a, long b) {
    return Long.compareUnsigned(a, b) > 0 ? a : b;
  }

  private static long min(long a, long b) {
    return Long.compareUnsigned(a, b) < 0 ? a : b;
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.memory.CacheType;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.VirtualAddress;

/**
 * Pages that lead to consecutive addresses and agree in everything else, as {@code --json} shows
 * them.
 *
 * @param start the first virtual address, in hex with {@code 0x}
 * @param end the last one, inclusive: behind the highest page there is no address
 * @param physicalAddress where the first leads
 * @param pageSize the size of each page in bytes
 * @param permissions {@code r--}, {@code rw-}, {@code r-x} or {@code rwx}
 * @param cache the memory type: WB, WT, WC, WP or UC
 */
record MappingSummary(
    String start,
    String end,
    String physicalAddress,
    long pageSize,
    String permissions,
    String cache) {
  /**
   * Describes pages.
   *
   * @param first the first virtual address
   * @param last the last one, inclusive
   * @param physical where the first leads
   * @param pageSize the size of each page in bytes
   * @param attributes their permissions and memory type
   */
  static MappingSummary of(
      VirtualAddress first,
      VirtualAddress last,
      PhysicalAddress physical,
      long pageSize,
      MappingAttributes attributes) {
    return new MappingSummary(
        HexText.of(first.value()),
        HexText.of(last.value()),
        HexText.of(physical.value()),
        pageSize,
        permissions(attributes),
        cache(attributes.cacheType()));
  }

  static String permissions(MappingAttributes attributes) {
    return "r" + (attributes.writable() ? "w" : "-") + (attributes.executable() ? "x" : "-");
  }

  static String cache(CacheType type) {
    return switch (type) {
      case WRITE_BACK -> "WB";
      case WRITE_THROUGH -> "WT";
      case WRITE_COMBINING -> "WC";
      case WRITE_PROTECTED -> "WP";
      case UNCACHED -> "UC";
    };
  }
}

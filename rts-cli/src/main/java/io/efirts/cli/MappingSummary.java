// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.memory.CacheType;
import io.efirts.api.paging.Mapping;

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
  static MappingSummary of(Mapping mapping) {
    return new MappingSummary(
        HexText.of(mapping.first().value()),
        HexText.of(mapping.last().value()),
        HexText.of(mapping.physical().value()),
        mapping.pageSize().bytes(),
        mapping.permissions(),
        cache(mapping.attributes().cacheType()));
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

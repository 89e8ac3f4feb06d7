// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import java.util.List;

/**
 * What {@code rts pagetables --json} prints.
 *
 * @param regions the regions that are mapped for firmware, in physical order
 * @param mappings everything the tables map, by ascending virtual address
 * @param sharedGranules granules that are not mapped as each of their parts should be; null, and
 *     not printed, where there can be none
 * @param explanation what is known about an address, in lines; null, and not printed, unless asked
 */
record PagetablesSummary(
    List<RegionSummary> regions,
    List<MappingSummary> mappings,
    List<SharedGranuleSummary> sharedGranules,
    List<String> explanation) {
  static PagetablesSummary of(ShownTables tables) {
    return new PagetablesSummary(
        RegionSummary.of(tables.regions()),
        tables.mappings(),
        tables.sharedGranules(),
        tables.explanation());
  }
}

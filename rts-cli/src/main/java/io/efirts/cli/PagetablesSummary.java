// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import java.util.List;

/**
 * What {@code rts pagetables --json} prints.
 *
 * @param regions the regions that are mapped for firmware, in physical order
 * @param mappings everything the tables map, by ascending virtual address
 * @param explanation what is known about an address, in lines; null, and not printed, unless asked
 */
record PagetablesSummary(
    List<RegionSummary> regions, List<MappingSummary> mappings, List<String> explanation) {}

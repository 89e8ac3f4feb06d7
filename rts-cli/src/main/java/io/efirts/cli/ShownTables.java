// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.map.MappedPages;
import io.efirts.api.spec.EfiMemoryDescriptor;
import java.util.List;

/**
 * What there is to see of EFI's page tables, whatever the architecture.
 *
 * @param regions the regions that are mapped, in physical order; virtual address 0 where they are
 *     mapped at their physical one only
 * @param withoutPlace the regions that should have a virtual address and got none
 * @param count how many tables there are, the root included
 * @param mappings everything they map, by ascending virtual address
 * @param writableAndExecutable what firmware could write and then run, in physical order
 * @param sharedGranules granules that are not mapped as each of their parts should be, in physical
 *     order; null where there are none because regions are multiples of a granule
 * @param explanation what is known about an address, in lines; null unless asked
 */
record ShownTables(
    List<EfiMemoryDescriptor> regions,
    List<EfiMemoryDescriptor> withoutPlace,
    int count,
    List<MappingSummary> mappings,
    List<MappedPages> writableAndExecutable,
    List<SharedGranuleSummary> sharedGranules,
    List<String> explanation) {}

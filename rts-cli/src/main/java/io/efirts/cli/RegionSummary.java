// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.spec.EfiMemoryDescriptor;
import java.util.List;

/**
 * A region of the EFI address space, as {@code --json} shows it. Addresses and attributes are text
 * in hex with {@code 0x}, because not every reader of JSON keeps 64 bits.
 *
 * @param type the memory type, unsigned
 * @param physicalAddress the first physical address
 * @param virtualAddress the first virtual address, {@code 0x0} where it is mapped at the physical
 *     one only
 * @param pages length in pages of 4 KiB
 * @param attribute the attribute word
 */
record RegionSummary(
    long type, String physicalAddress, String virtualAddress, long pages, String attribute) {
  static List<RegionSummary> of(List<EfiMemoryDescriptor> regions) {
    return regions.stream().map(RegionSummary::of).toList();
  }

  private static RegionSummary of(EfiMemoryDescriptor region) {
    return new RegionSummary(
        Integer.toUnsignedLong(region.type()),
        HexText.of(region.physicalStart()),
        HexText.of(region.virtualStart()),
        region.numberOfPages(),
        HexText.of(region.attribute()));
  }
}

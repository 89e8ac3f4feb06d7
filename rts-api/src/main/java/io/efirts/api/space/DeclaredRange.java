// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.space;

import io.efirts.api.map.MappedPages;
import io.efirts.api.memory.AddressSpace;
import io.efirts.api.plan.PlannedRegion;
import io.efirts.api.plan.VirtualMap;
import java.util.ArrayList;
import java.util.List;

/**
 * Addresses that a call may use: those of a planned region or a further range, at one alias.
 *
 * @param first first virtual address
 * @param last last virtual address, inclusive
 * @param physicalStart first physical address
 * @param region the planned region, or null
 * @param alias which of its addresses
 */
record DeclaredRange(long first, long last, long physicalStart, PlannedRegion region, Alias alias) {

  /** All there are, those first that have addresses which several share. */
  static List<DeclaredRange> of(VirtualMap plan, List<MappedPages> ranges) {
    List<DeclaredRange> declared = new ArrayList<>();
    for (PlannedRegion region : plan.regions()) {
      declared.add(of(region, region.physicalAddress(), Alias.PHYSICAL));
      if (region.placed() && region.virtualAddress() != region.physicalAddress()) {
        declared.add(of(region, region.virtualAddress(), Alias.VIRTUAL));
      }
    }
    for (MappedPages range : ranges) {
      long first = range.physicalStart();
      declared.add(new DeclaredRange(first, range.physicalEnd() - 1, first, null, Alias.PHYSICAL));
    }
    return declared;
  }

  private static DeclaredRange of(PlannedRegion region, long first, Alias alias) {
    long last = first + region.lengthBytes() - 1;
    return new DeclaredRange(first, last, region.physicalAddress(), region, alias);
  }

  boolean contains(long address) {
    return Long.compareUnsigned(address, first) >= 0 && Long.compareUnsigned(address, last) <= 0;
  }

  long pages() {
    return (last - first + 1) / AddressSpace.PAGE_BYTES;
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.space;

import io.efirts.api.map.MappedPages;
import io.efirts.api.memory.FlushToken;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.plan.PlannedRegion;
import io.efirts.x86.paging.PageTables;

/**
 * Pages at one of the two addresses they are mapped at.
 *
 * @param virtualAddress where the first is mapped
 * @param pages the pages
 */
record PageRun(long virtualAddress, MappedPages pages) {
  /** Pages at their physical address. */
  static PageRun identical(MappedPages pages) {
    return new PageRun(pages.physicalStart(), pages);
  }

  /** Pages of a region that has a virtual address, there. */
  static PageRun virtual(PlannedRegion region, MappedPages pages) {
    long distance = region.virtualAddress() - region.physicalAddress();
    return new PageRun(pages.physicalStart() + distance, pages);
  }

  FlushToken map(PageTables tables) {
    PhysicalAddress physical = new PhysicalAddress(pages.physicalStart());
    return tables.map(first(), physical, lengthBytes(), pages.attributes());
  }

  FlushToken split(PageTables tables) {
    return tables.split(first(), lengthBytes());
  }

  FlushToken protect(PageTables tables) {
    return tables.protect(first(), lengthBytes(), pages.attributes());
  }

  FlushToken unmap(PageTables tables) {
    return tables.unmap(first(), lengthBytes());
  }

  private VirtualAddress first() {
    return new VirtualAddress(virtualAddress);
  }

  private long lengthBytes() {
    return pages.physicalEnd() - pages.physicalStart();
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.space;

import io.efirts.api.map.MappedPages;
import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.FlushToken;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.arm64.paging.PageTables;

/**
 * Whole granules at one of the two addresses they are mapped at.
 *
 * @param virtualAddress where the first is mapped
 * @param pages the granules
 */
record PageRun(long virtualAddress, MappedPages pages) {
  /** How far the virtual addresses are from the physical ones. */
  long distance() {
    return virtualAddress - pages.physicalStart();
  }

  /** First virtual address behind it. */
  long end() {
    return virtualAddress + lengthBytes();
  }

  MappingAttributes attributes() {
    return pages.attributes();
  }

  /** The part from one virtual address to another. */
  PageRun part(long from, long to) {
    long count = (to - from) / AddressSpace.PAGE_BYTES;
    return new PageRun(from, new MappedPages(from - distance(), count, attributes()));
  }

  FlushToken map(PageTables tables) {
    PhysicalAddress physical = new PhysicalAddress(pages.physicalStart());
    return tables.map(first(), physical, lengthBytes(), attributes());
  }

  FlushToken split(PageTables tables) {
    return tables.split(first(), lengthBytes());
  }

  FlushToken protect(PageTables tables) {
    return tables.protect(first(), lengthBytes(), attributes());
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

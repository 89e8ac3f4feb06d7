// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.space;

import io.efirts.api.memory.Access;
import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FlushToken;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.Translation;
import io.efirts.api.memory.VirtualAddress;
import java.util.HashMap;
import java.util.Map;

/** An address space with aliases, page by page, and no tables. */
final class PagedSpace implements AddressSpace {
  private record Page(long frame, MappingAttributes attributes) {}

  private final Map<Long, Page> pages = new HashMap<>();
  private final long root;

  PagedSpace(long root) {
    this.root = root;
  }

  @Override
  public FlushToken map(
      VirtualAddress virtual,
      PhysicalAddress physical,
      long lengthBytes,
      MappingAttributes attributes) {
    for (long at = 0; at < lengthBytes; at += PAGE_BYTES) {
      pages.put(virtual.value() + at, new Page(physical.value() + at, attributes));
    }
    return FlushToken.NONE;
  }

  @Override
  public FlushToken unmap(VirtualAddress virtual, long lengthBytes) {
    for (long at = 0; at < lengthBytes; at += PAGE_BYTES) {
      pages.remove(virtual.value() + at);
    }
    return FlushToken.NONE;
  }

  @Override
  public FlushToken protect(
      VirtualAddress virtual, long lengthBytes, MappingAttributes attributes) {
    for (long at = 0; at < lengthBytes; at += PAGE_BYTES) {
      pages.computeIfPresent(
          virtual.value() + at, (address, page) -> new Page(page.frame(), attributes));
    }
    return FlushToken.NONE;
  }

  @Override
  public long translate(long virtualAddress, Access access) {
    Page page = pages.get(virtualAddress & -PAGE_BYTES);
    if (page == null) {
      return Translation.fault(FaultKind.NOT_MAPPED);
    }
    return page.attributes().permits(access)
        ? page.frame() + (virtualAddress & PAGE_BYTES - 1)
        : Translation.fault(FaultKind.PROTECTION);
  }

  @Override
  public long root() {
    return root;
  }
}

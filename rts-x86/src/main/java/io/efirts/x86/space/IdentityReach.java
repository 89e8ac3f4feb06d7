// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.space;

import io.efirts.api.map.MappedPages;
import io.efirts.api.memory.AddressSpace;
import io.efirts.x86.paging.PagingMode;
import java.util.List;

/**
 * How far memory can be mapped at its physical address.
 *
 * @param end first physical address that is not also a virtual one of the lower half; of the whole
 *     address space in the modes of 32 bits, which have no halves
 */
record IdentityReach(long end) {
  static IdentityReach of(PagingMode mode) {
    long all = mode.span(mode.levels()) * mode.entries(mode.levels());
    return new IdentityReach(mode.isCanonical(all - 1) ? all : all / 2);
  }

  /** The part of a range that can be mapped: one range, or none. */
  List<MappedPages> within(MappedPages range) {
    return part(range, range.physicalStart(), Math.min(range.physicalEnd(), end));
  }

  /** The part that cannot. */
  List<MappedPages> beyond(MappedPages range) {
    return part(range, Math.max(range.physicalStart(), end), range.physicalEnd());
  }

  private static List<MappedPages> part(MappedPages range, long from, long to) {
    return from < to
        ? List.of(new MappedPages(from, (to - from) / AddressSpace.PAGE_BYTES, range.attributes()))
        : List.of();
  }
}

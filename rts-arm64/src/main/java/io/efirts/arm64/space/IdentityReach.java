// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.space;

import io.efirts.api.map.MappedPages;
import io.efirts.api.memory.AddressSpace;
import io.efirts.arm64.paging.PagingMode;
import java.util.List;

/**
 * How far memory can be mapped at its physical address.
 *
 * @param end first physical address that is not also a virtual one: a multiple of every granule
 */
record IdentityReach(long end) {
  static IdentityReach of(PagingMode mode) {
    return new IdentityReach(1L << mode.virtualBits());
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

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.space.layout;

import io.efirts.api.map.MappedPages;
import io.efirts.api.memory.AddressSpace;
import java.util.List;

/**
 * How far memory can be mapped at its physical address.
 *
 * @param end first physical address that is not also a virtual one, a multiple of every page of the
 *     tables
 */
public record IdentityReach(long end) {
  /**
   * The part of a range that can be mapped.
   *
   * @param range pages by their physical addresses
   * @return one range, or none
   */
  public List<MappedPages> within(MappedPages range) {
    return part(range, range.physicalStart(), Math.min(range.physicalEnd(), end));
  }

  /**
   * The part that cannot.
   *
   * @param range pages by their physical addresses
   * @return one range, or none
   */
  public List<MappedPages> beyond(MappedPages range) {
    return part(range, Math.max(range.physicalStart(), end), range.physicalEnd());
  }

  private static List<MappedPages> part(MappedPages range, long from, long to) {
    return from < to
        ? List.of(new MappedPages(from, (to - from) / AddressSpace.PAGE_BYTES, range.attributes()))
        : List.of();
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.paging;

import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.VirtualAddress;

/**
 * A run of pages that lead to consecutive physical addresses and agree in everything else.
 *
 * @param first first virtual address
 * @param last last virtual address, inclusive: the end of the highest page is no address
 * @param physical where the first address leads
 * @param pageSize size of each page
 * @param attributes permissions after all levels, and memory type
 */
public record Mapping(
    VirtualAddress first,
    VirtualAddress last,
    PhysicalAddress physical,
    PageSize pageSize,
    MappingAttributes attributes) {

  /**
   * The permissions as text.
   *
   * @return {@code r--}, {@code rw-}, {@code r-x} or {@code rwx}
   */
  public String permissions() {
    return attributes.permissions();
  }

  /**
   * Whether this run starts right where another one ends, at both addresses, and is of its kind.
   *
   * @param before the other run
   * @return true when the two are one run
   */
  public boolean continues(Mapping before) {
    return before.last.value() + 1 == first.value()
        && before.physical.value() + (first.value() - before.first.value()) == physical.value()
        && before.pageSize == pageSize
        && before.attributes.equals(attributes);
  }

  @Override
  public String toString() {
    return "%016x-%016x -> %013x %s %s %s"
        .formatted(
            first.value(),
            last.value(),
            physical.value(),
            permissions(),
            attributes.cacheType(),
            pageSize);
  }
}

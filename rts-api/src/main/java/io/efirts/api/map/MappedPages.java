// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.map;

import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.PhysicalAddress;
import java.util.Objects;

/**
 * Pages that lie one behind the other in physical memory and are mapped alike.
 *
 * @param physicalStart physical address of the first, a multiple of 4 KiB
 * @param pages how many pages of 4 KiB, at least 1
 * @param attributes how they are mapped
 */
public record MappedPages(long physicalStart, long pages, MappingAttributes attributes) {
  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException when the start is not aligned, there is no page, or they end
   *     beyond 52 bits
   */
  public MappedPages {
    Objects.requireNonNull(attributes, "attributes");
    if (physicalStart % AddressSpace.PAGE_BYTES != 0) {
      throw new IllegalArgumentException(
          "physicalStart must be a multiple of 4096: physicalStart=0x"
              + Long.toHexString(physicalStart));
    }
    long room =
        (1L << PhysicalAddress.MAXIMUM_BITS) / AddressSpace.PAGE_BYTES
            - physicalStart / AddressSpace.PAGE_BYTES;
    if (physicalStart < 0 || pages < 1 || pages > room) {
      throw new IllegalArgumentException(
          "pages must be at least 1 and end within 52 bits: physicalStart=0x"
              + Long.toHexString(physicalStart)
              + ", pages="
              + pages);
    }
  }

  /**
   * Whether firmware could run what it writes here.
   *
   * @return true when the pages are writable and executable
   */
  public boolean isWritableAndExecutable() {
    return attributes.writable() && attributes.executable();
  }

  /**
   * Where the pages end.
   *
   * @return first physical address behind them
   */
  public long physicalEnd() {
    return physicalStart + pages * AddressSpace.PAGE_BYTES;
  }
}

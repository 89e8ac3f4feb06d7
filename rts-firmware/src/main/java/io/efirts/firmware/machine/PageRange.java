// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.machine;

import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.PhysicalAddress;

/**
 * Pages of guest-physical memory, one behind the other.
 *
 * @param physicalStart first address, a multiple of 4096
 * @param pages how many pages of 4096 bytes, at least 1; they end within 52 bits
 */
public record PageRange(long physicalStart, long pages) {
  /**
   * Checks the bounds.
   *
   * @throws IllegalArgumentException if one of them breaks its rule
   */
  public PageRange {
    long room = (1L << PhysicalAddress.MAXIMUM_BITS) - physicalStart;
    if (physicalStart < 0
        || physicalStart % AddressSpace.PAGE_BYTES != 0
        || pages < 1
        || pages > room / AddressSpace.PAGE_BYTES) {
      throw new IllegalArgumentException(
          "range must be whole pages within 52 bits: physicalStart=0x"
              + Long.toHexString(physicalStart)
              + ", pages="
              + pages);
    }
  }

  /**
   * Its length.
   *
   * @return bytes
   */
  public long sizeBytes() {
    return pages * AddressSpace.PAGE_BYTES;
  }

  /**
   * Whether an address lies in it.
   *
   * @param physicalAddress the address
   * @return true if it does
   */
  public boolean contains(long physicalAddress) {
    return physicalAddress >= physicalStart && physicalAddress - physicalStart < sizeBytes();
  }
}

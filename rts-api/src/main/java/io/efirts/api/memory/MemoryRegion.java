// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.memory;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * A piece of guest-physical memory and the bytes behind it.
 *
 * @param base first physical address, a multiple of 4096
 * @param bytes the memory itself: native, mapped or heap; its size a positive multiple of 4096
 */
public record MemoryRegion(PhysicalAddress base, MemorySegment bytes) {
  /**
   * Checks alignment and size.
   *
   * @throws IllegalArgumentException if base or size is not a multiple of 4096, the size is 0, the
   *     segment is read-only or confined to a thread, or the region passes the end of the physical
   *     address space
   */
  public MemoryRegion {
    Objects.requireNonNull(base, "base");
    Objects.requireNonNull(bytes, "bytes");
    long size = bytes.byteSize();
    if ((base.value() | size) % AddressSpace.PAGE_BYTES != 0 || size == 0) {
      throw new IllegalArgumentException(
          "region must start and end on a multiple of 4096 and not be empty: base=0x"
              + Long.toHexString(base.value())
              + ", size=0x"
              + Long.toHexString(size));
    }
    if (bytes.isReadOnly() || !bytes.isAccessibleBy(new Thread())) {
      throw new IllegalArgumentException("region must be writable by every thread: base=" + base);
    }
    if (size > (1L << PhysicalAddress.MAXIMUM_BITS) - base.value()) {
      throw new IllegalArgumentException(
          "region must end within 52 bits: base=" + base + ", size=0x" + Long.toHexString(size));
    }
  }

  /**
   * First address behind the region.
   *
   * @return exclusive end
   */
  long end() {
    return base.value() + bytes.byteSize();
  }

  /**
   * Where a physical address lies in {@link #bytes()}.
   *
   * @param physicalAddress an address inside this region
   * @return offset in bytes
   */
  public long offsetOf(long physicalAddress) {
    return physicalAddress - base.value();
  }
}

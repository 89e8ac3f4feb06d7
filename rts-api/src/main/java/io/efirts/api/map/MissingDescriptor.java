// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.map;

import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryAttributes;
import io.efirts.api.spec.MemoryType;
import java.util.Objects;

/**
 * The memory descriptor that firmware would have to declare, so that an address it touched is
 * mapped for it. As text it has the form in which kernel debuggers dump a memory descriptor.
 *
 * @param descriptor the descriptor, with the RUNTIME attribute
 */
public record MissingDescriptor(EfiMemoryDescriptor descriptor) {
  /** Checks that there is one. */
  public MissingDescriptor {
    Objects.requireNonNull(descriptor, "descriptor");
  }

  /**
   * A region that firmware's map has, but not as one that runtime services need.
   *
   * @param region the region
   * @return the same with the RUNTIME attribute
   */
  public static MissingDescriptor ofRegion(EfiMemoryDescriptor region) {
    return new MissingDescriptor(
        new EfiMemoryDescriptor(
            region.type(),
            region.physicalStart(),
            region.virtualStart(),
            region.numberOfPages(),
            region.attribute() | MemoryAttributes.RUNTIME));
  }

  /**
   * Whether an address could be a physical one at all.
   *
   * @param address any address
   * @return true if it fits 52 bits
   */
  public static boolean isPhysical(long address) {
    return address >>> PhysicalAddress.MAXIMUM_BITS == 0;
  }

  /**
   * A page that no map has: registers of a device.
   *
   * @param physicalAddress an address in it
   * @return uncached memory-mapped I/O of one page of 4 KiB
   */
  public static MissingDescriptor ofPage(long physicalAddress) {
    return new MissingDescriptor(
        new EfiMemoryDescriptor(
            MemoryType.MEMORY_MAPPED_IO,
            physicalAddress & -AddressSpace.PAGE_BYTES,
            0,
            1,
            MemoryAttributes.UC | MemoryAttributes.RUNTIME));
  }

  /**
   * Returns the fields in hex.
   *
   * @return for example {@code {type = 0xb, pad = 0x0, phys_addr = 0xfed00000, virt_addr = 0x0,
   *     num_pages = 0x1, attribute = 0x8000000000000001}}
   */
  @Override
  public String toString() {
    return ("{type = 0x%x, pad = 0x0, phys_addr = 0x%x, virt_addr = 0x%x,"
            + " num_pages = 0x%x, attribute = 0x%x}")
        .formatted(
            descriptor.type(),
            descriptor.physicalStart(),
            descriptor.virtualStart(),
            descriptor.numberOfPages(),
            descriptor.attribute());
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.plan;

import io.efirts.api.spec.EfiMemoryDescriptor;

/**
 * A region that is mapped for EFI: at its physical address in any case, and at a virtual address
 * when it was placed.
 *
 * @param type the use, see {@link io.efirts.api.spec.MemoryType}
 * @param physicalAddress first physical address, a multiple of 4 KiB
 * @param virtualAddress first virtual address, a multiple of 4 KiB; 0 when not placed
 * @param pages length in pages of 4 KiB
 * @param attribute a mask of {@link io.efirts.api.spec.MemoryAttributes}
 * @param placed whether it has a virtual address; if not, the window had no room for it, or it
 *     needs none
 */
public record PlannedRegion(
    int type,
    long physicalAddress,
    long virtualAddress,
    long pages,
    long attribute,
    boolean placed) {
  /**
   * Checks that only a placed region has an address.
   *
   * @throws IllegalArgumentException when another has one
   */
  public PlannedRegion {
    if (!placed && virtualAddress != 0) {
      throw new IllegalArgumentException(
          "virtualAddress must be 0 where a region is not placed: virtualAddress="
              + VirtualWindow.hex(virtualAddress)
              + ", physicalAddress="
              + VirtualWindow.hex(physicalAddress));
    }
  }

  /**
   * A region with a virtual address.
   *
   * @param region the region
   * @param virtualAddress its first virtual address
   * @return the region there
   */
  public static PlannedRegion placed(EfiMemoryDescriptor region, long virtualAddress) {
    return new PlannedRegion(
        region.type(),
        region.physicalStart(),
        virtualAddress,
        region.numberOfPages(),
        region.attribute(),
        true);
  }

  /**
   * A region without a virtual address: the window has no room for it, or it needs none.
   *
   * @param region the region
   * @return the region at its physical address only
   */
  public static PlannedRegion notPlaced(EfiMemoryDescriptor region) {
    return new PlannedRegion(
        region.type(),
        region.physicalStart(),
        0,
        region.numberOfPages(),
        region.attribute(),
        false);
  }

  /**
   * The region as firmware and a successor take it.
   *
   * @return the descriptor, with virtual address 0 when not placed
   */
  public EfiMemoryDescriptor descriptor() {
    return new EfiMemoryDescriptor(type, physicalAddress, virtualAddress, pages, attribute);
  }

  /**
   * The length.
   *
   * @return bytes
   */
  public long lengthBytes() {
    return pages * EfiMemoryDescriptor.PAGE_SIZE_BYTES;
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.plan.placement;

import io.efirts.api.plan.PlannedRegion;
import io.efirts.api.plan.VirtualWindow;
import io.efirts.api.spec.EfiMemoryDescriptor;

/** Every region at a fixed distance from its physical address. */
public final class OffsetPlacement implements Placement {
  private final VirtualWindow window;
  private final long offset;

  /**
   * For one plan.
   *
   * @param window a region that would leave it has no virtual address
   * @param offset the distance in bytes, a multiple of the window's alignment
   * @throws IllegalArgumentException when it is not
   */
  public OffsetPlacement(VirtualWindow window, long offset) {
    if (offset % window.alignment() != 0) {
      throw new IllegalArgumentException(
          "offset must be a multiple of the window's alignment: offset=0x"
              + Long.toHexString(offset)
              + ", alignment=0x"
              + Long.toHexString(window.alignment()));
    }
    this.window = window;
    this.offset = offset;
  }

  @Override
  public PlannedRegion place(EfiMemoryDescriptor region) {
    PlannedRegion notPlaced = PlannedRegion.notPlaced(region);
    long virtualAddress = region.physicalStart() + offset;
    return window.contains(virtualAddress, notPlaced.lengthBytes())
        ? PlannedRegion.placed(region, virtualAddress)
        : notPlaced;
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.plan;

import io.efirts.api.spec.EfiMemoryDescriptor;

/** Every region at a fixed distance from its physical address. */
final class OffsetPlacement implements Placement {
  private final VirtualWindow window;
  private final long offset;

  OffsetPlacement(VirtualWindow window, long offset) {
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

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.plan;

import io.efirts.api.plan.PlannedRegion;
import io.efirts.api.plan.VirtualWindow;
import io.efirts.api.plan.placement.Placement;
import io.efirts.api.spec.EfiMemoryDescriptor;

/**
 * From the bottom of the window up, each region in 64 KiB pages of its own above the one before, at
 * the same place within 64 KiB as its physical address; a large one that is aligned to 2 MiB stays
 * so.
 */
final class BottomUpPlacement implements Placement {
  /** What a block of the 4 KiB granule maps. */
  private static final long LARGE = 0x20_0000;

  private final VirtualWindow window;
  private long next;
  private boolean exhausted;

  BottomUpPlacement(VirtualWindow window) {
    this.window = window;
    this.next = window.bottom();
  }

  @Override
  public PlannedRegion place(EfiMemoryDescriptor region) {
    PlannedRegion notPlaced = PlannedRegion.notPlaced(region);
    long length = notPlaced.lengthBytes();
    boolean large = length >= LARGE && region.physicalStart() % LARGE == 0;
    long start =
        roundUp(next, large ? LARGE : window.alignment())
            + region.physicalStart() % window.alignment();
    // Once a region did not fit, none above it does: a smaller one would come to lie where the
    // distances between sections of one image are no longer those they were linked for.
    if (exhausted || !window.contains(start, length)) {
      exhausted = true;
      return notPlaced;
    }
    next = start + length;
    return PlannedRegion.placed(region, start);
  }

  private static long roundUp(long address, long alignment) {
    return Math.ceilDiv(address, alignment) * alignment;
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.plan;

import io.efirts.api.plan.PlannedRegion;
import io.efirts.api.plan.VirtualWindow;
import io.efirts.api.plan.placement.Placement;
import io.efirts.api.spec.EfiMemoryDescriptor;

/**
 * From the top of the window down, each region below the one before, at the same place within the
 * window's alignment as its physical address.
 */
final class TopDownPlacement implements Placement {
  private final VirtualWindow window;
  private long next;
  private boolean exhausted;

  TopDownPlacement(VirtualWindow window) {
    this.window = window;
    this.next = window.top();
  }

  @Override
  public PlannedRegion place(EfiMemoryDescriptor region) {
    PlannedRegion notPlaced = PlannedRegion.notPlaced(region);
    long length = notPlaced.lengthBytes();
    // The place after subtracting the length is lowered until it is congruent to the physical one.
    long lowered = (next - length - region.physicalStart()) & (window.alignment() - 1);
    // Once a region did not fit, none below it does: a smaller one would not keep the order of
    // what Linux does, and firmware may depend on where its sections lie to each other.
    if (exhausted || Long.compareUnsigned(length + lowered, next - window.bottom()) > 0) {
      exhausted = true;
      return notPlaced;
    }
    next -= length + lowered;
    return PlannedRegion.placed(region, next);
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.plan.placement;

import io.efirts.api.plan.PlannedRegion;
import io.efirts.api.spec.EfiMemoryDescriptor;

/** Every region where its descriptor says; one with virtual address 0 has none. */
public final class GivenPlacement implements Placement {
  /** For one plan. */
  public GivenPlacement() {}

  @Override
  public PlannedRegion place(EfiMemoryDescriptor region) {
    return region.virtualStart() == 0
        ? PlannedRegion.notPlaced(region)
        : PlannedRegion.placed(region, region.virtualStart());
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.plan;

import io.efirts.api.spec.EfiMemoryDescriptor;

/** Every region where its descriptor says; one with virtual address 0 has none. */
final class GivenPlacement implements Placement {
  GivenPlacement() {}

  @Override
  public PlannedRegion place(EfiMemoryDescriptor region) {
    return region.virtualStart() == 0
        ? PlannedRegion.notPlaced(region)
        : PlannedRegion.placed(region, region.virtualStart());
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.plan.placement;

import io.efirts.api.plan.PlannedRegion;
import io.efirts.api.spec.EfiMemoryDescriptor;

/** Gives regions their virtual addresses, in the order in which a planner asks. One use only. */
public interface Placement {
  /**
   * Places the next region.
   *
   * @param region a region that lies beyond those placed before, in the planner's order
   * @return where it goes, possibly nowhere
   */
  PlannedRegion place(EfiMemoryDescriptor region);
}

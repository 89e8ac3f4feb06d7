// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.plan;

import io.efirts.api.spec.EfiMemoryDescriptor;

/** Gives regions their virtual addresses, from the lowest physical address up. One use only. */
interface Placement {
  /**
   * Places the next region.
   *
   * @param region a region above those placed before
   * @return where it goes, possibly nowhere
   */
  PlannedRegion place(EfiMemoryDescriptor region);
}

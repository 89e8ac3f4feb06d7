// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.plan;

import io.efirts.api.spec.EfiMemoryDescriptor;

/** Gives regions their virtual addresses, from the highest physical address down. One use only. */
interface Placement {
  /**
   * Places the next region.
   *
   * @param region a region below those placed before
   * @return where it goes, possibly nowhere
   */
  PlannedRegion place(EfiMemoryDescriptor region);
}

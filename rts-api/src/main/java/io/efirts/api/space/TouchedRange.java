// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.space;

import io.efirts.api.memory.Access;
import io.efirts.api.plan.PlannedRegion;
import java.util.Objects;
import java.util.Set;

/**
 * Declared memory that a call has touched.
 *
 * @param physicalStart its first physical address
 * @param pages how many pages of 4 KiB it has
 * @param region the planned region, or null for a further range
 * @param alias by which of its addresses it was touched
 * @param accesses what was done with it or tried, at least one
 */
public record TouchedRange(
    long physicalStart, long pages, PlannedRegion region, Alias alias, Set<Access> accesses) {
  /** Checks that all but the region is given, and copies the set. */
  public TouchedRange {
    Objects.requireNonNull(alias, "alias");
    accesses = Set.copyOf(accesses);
  }
}

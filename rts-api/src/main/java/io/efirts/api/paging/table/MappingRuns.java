// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.paging.table;

import io.efirts.api.paging.Mapping;
import java.util.ArrayList;
import java.util.List;

/**
 * Gathers pages, in the order of their virtual addresses, into the longest runs. For one thread.
 */
public final class MappingRuns {
  private final List<Mapping> found = new ArrayList<>();

  /** The run that grows; not yet among those found. */
  private Mapping open;

  /** No pages. */
  public MappingRuns() {}

  /**
   * Adds a page, or a run of them.
   *
   * @param pages lies behind all that was added before
   */
  public void add(Mapping pages) {
    if (open != null && pages.continues(open)) {
      open =
          new Mapping(
              open.first(), pages.last(), open.physical(), pages.pageSize(), pages.attributes());
    } else {
      if (open != null) {
        found.add(open);
      }
      open = pages;
    }
  }

  /**
   * Everything that was added.
   *
   * @return an immutable list in virtual order
   */
  public List<Mapping> all() {
    List<Mapping> all = new ArrayList<>(found);
    if (open != null) {
      all.add(open);
    }
    return List.copyOf(all);
  }
}

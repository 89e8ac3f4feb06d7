// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.space;

import io.efirts.api.map.MappedPages;
import io.efirts.api.memory.FlushToken;
import io.efirts.api.memory.FlushTokens;
import io.efirts.api.plan.PlannedRegion;
import io.efirts.api.space.layout.IdentityMap;
import io.efirts.x86.paging.PageTables;
import java.util.ArrayList;
import java.util.List;

/**
 * The change that is due when SetVirtualAddressMap has returned: boot services memory goes, and
 * what stays loses permissions. All or nothing: whatever could be refused comes before the first
 * page changes.
 */
final class BootServicesExit {
  private final PageTables tables;
  private final List<PageRun> gone = new ArrayList<>();
  private final List<PageRun> kept;

  BootServicesExit(
      PageTables tables,
      SpaceContent before,
      IdentityMap identityBefore,
      SpaceContent after,
      IdentityMap identityAfter) {
    this.tables = tables;
    this.kept = after.runs(identityAfter);
    for (MappedPages pages : identityBefore.all()) {
      identityAfter.missing(pages).forEach(part -> gone.add(PageRun.identical(part)));
    }
    for (PlannedRegion region : before.plan().regions()) {
      if (SpaceContent.isBootServices(region)) {
        gone.addAll(before.virtualRuns(region));
      }
    }
  }

  /**
   * Makes the change.
   *
   * @return what remains to be flushed
   * @throws IllegalArgumentException if something is not mapped; nothing has changed then
   * @throws io.efirts.api.paging.OutOfFramesException if a large page must be split and there is no
   *     frame; what is mapped is then as before
   */
  FlushToken make() {
    FlushTokens tokens = new FlushTokens();
    gone.forEach(run -> tokens.add(run.split(tables)));
    kept.forEach(run -> tokens.add(run.split(tables)));
    gone.forEach(run -> tokens.add(run.unmap(tables)));
    kept.forEach(run -> tokens.add(run.protect(tables)));
    return tokens.orNone();
  }
}

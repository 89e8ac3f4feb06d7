// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.space;

import io.efirts.api.memory.FlushToken;
import io.efirts.api.memory.FlushTokens;
import io.efirts.arm64.paging.PageTables;
import java.util.ArrayList;
import java.util.List;

/**
 * The way from what tables map to what they are to map. All or nothing: whatever could be refused
 * comes before the first page goes or changes.
 */
final class SpaceChange {
  private final PageTables tables;
  private final List<PageRun> gone = new ArrayList<>();
  private final List<PageRun> added = new ArrayList<>();
  private final List<PageRun> changed = new ArrayList<>();

  SpaceChange(PageTables tables, PageRuns before, PageRuns after) {
    this.tables = tables;
    before.all().forEach(run -> gone.addAll(after.missing(run)));
    for (PageRun run : after.all()) {
      added.addAll(before.missing(run));
      changed.addAll(before.different(run));
    }
  }

  /**
   * Makes the change.
   *
   * @return what remains to be flushed; until then parts of it, and of large blocks of which only a
   *     part changes, may not be mapped
   * @throws IllegalArgumentException if something is not mapped that should be, or cannot be mapped
   * @throws io.efirts.api.paging.OutOfFramesException if there are not enough frames; what is
   *     mapped is then as before
   */
  FlushToken make() {
    FlushTokens tokens = new FlushTokens();
    int mapped = 0;
    boolean complete = false;
    try {
      gone.forEach(run -> tokens.add(run.split(tables)));
      changed.forEach(run -> tokens.add(run.split(tables)));
      for (; mapped < added.size(); mapped++) {
        tokens.add(added.get(mapped).map(tables));
      }
      gone.forEach(run -> tokens.add(run.unmap(tables)));
      changed.forEach(run -> tokens.add(run.protect(tables)));
      complete = true;
      return tokens.orNone();
    } finally {
      if (!complete) {
        added.subList(0, mapped).forEach(run -> tokens.add(run.unmap(tables)));
        // What was split is not mapped until then.
        tokens.flush();
      }
    }
  }
}

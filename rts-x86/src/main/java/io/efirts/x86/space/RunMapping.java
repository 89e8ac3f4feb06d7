// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.space;

import io.efirts.api.memory.FlushToken;
import io.efirts.api.memory.FlushTokens;
import io.efirts.x86.paging.PageTables;
import java.util.List;

/** Maps several runs of pages, or none of them. */
final class RunMapping {
  private RunMapping() {}

  /**
   * Maps all runs. If one is refused, those before it are unmapped and flushed, which needs no
   * frame, and the refusal goes on.
   *
   * @return what remains to be flushed
   */
  static FlushToken map(PageTables tables, List<PageRun> runs) {
    FlushTokens tokens = new FlushTokens();
    int mapped = 0;
    try {
      for (; mapped < runs.size(); mapped++) {
        tokens.add(runs.get(mapped).map(tables));
      }
      return tokens.orNone();
    } finally {
      if (mapped < runs.size()) {
        tokens.flush();
        for (PageRun run : runs.subList(0, mapped)) {
          run.unmap(tables).flush();
        }
      }
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

import io.efirts.api.memory.FlushToken;
import io.efirts.api.paging.table.FrameList;
import io.efirts.api.paging.table.FrameSupply;
import java.util.List;

/**
 * The second half of a change: makes the entries that were broken, and gives back the frames that
 * were set free, once no processor can have the old ones.
 */
final class PendingFlush implements FlushToken {
  private final TlbFlush tlb;
  private final long root;
  private final long first;
  private final long last;
  private final BrokenEntries entries;
  private final List<BrokenEntry> broken;
  private final FrameSupply supply;
  private final FrameList retired;

  PendingFlush(
      TlbFlush tlb,
      long root,
      long first,
      long last,
      BrokenEntries entries,
      List<BrokenEntry> broken,
      FrameSupply supply,
      FrameList retired) {
    this.tlb = tlb;
    this.root = root;
    this.first = first;
    this.last = last;
    this.entries = entries;
    this.broken = broken;
    this.supply = supply;
    this.retired = retired;
  }

  /** If the embedder's flush throws, nothing is made or given back, and it can be tried again. */
  @Override
  public void flush() {
    tlb.flush(root, first, last);
    settle();
  }

  @Override
  public void ignore() {
    settle();
  }

  /** Done once, by whichever of the two comes first. */
  private void settle() {
    broken.forEach(entries::make);
    broken.clear();
    supply.giveBack(retired);
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.paging;

import io.efirts.api.memory.FlushToken;
import io.efirts.api.paging.table.FrameList;
import io.efirts.api.paging.table.FrameSupply;

/** Keeps the frames of a change from being reused until nobody can walk them any more. */
final class PendingFlush implements FlushToken {
  private final TlbFlush tlb;
  private final long root;
  private final long first;
  private final long last;
  private final FrameSupply supply;
  private final FrameList retired;

  PendingFlush(
      TlbFlush tlb, long root, long first, long last, FrameSupply supply, FrameList retired) {
    this.tlb = tlb;
    this.root = root;
    this.first = first;
    this.last = last;
    this.supply = supply;
    this.retired = retired;
  }

  @Override
  public void flush() {
    tlb.flush(root, first, last);
    supply.giveBack(retired);
  }

  /** Frames are given back once, by whichever of the two comes first. */
  @Override
  public void ignore() {
    supply.giveBack(retired);
  }
}

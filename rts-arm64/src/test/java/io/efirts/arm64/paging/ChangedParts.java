// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

import io.efirts.api.paging.PageSize;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * What random changes are made of: one mode and largest size, and parts of addresses between the
 * places around which page sizes differ.
 */
final class ChangedParts {
  /** In pages and blocks: of each place the block is the first number, the page the second. */
  private static final long[][] PLACES = {
    {0, 0}, {0, 1}, {1, -1}, {1, 0}, {1, 1}, {2, 0}, {3, -1}, {3, 0}, {3, 1}, {4, 0}, {4, 1}
  };

  /** How many parts there are. */
  static final int COUNT = PLACES.length - 1;

  final PagingMode mode;
  final PageSize largest;
  final long base;
  final long physical;
  final long[] offsets;

  /** The first two keep the alignment of a block, the last forces the next smaller size. */
  final long[] deltas;

  final MemorySegment bytes;

  ChangedParts(PagingMode mode, PageSize largest, long base, int frames) {
    this(mode, largest, 2, base, 0, frames);
  }

  /** With blocks of another level, and other physical addresses. */
  ChangedParts(
      PagingMode mode, PageSize largest, int blockLevel, long base, long physical, int frames) {
    long page = mode.granule().bytes();
    long block = mode.span(blockLevel);
    this.physical = physical;
    this.mode = mode;
    this.largest = largest;
    this.base = base;
    this.offsets =
        Arrays.stream(PLACES).mapToLong(place -> place[0] * block + place[1] * page).toArray();
    this.deltas = new long[] {0, 3 * block, mode.span(blockLevel + 1)};
    this.bytes = Arena.ofAuto().allocate(frames * page, page).fill((byte) 0x83);
  }
}

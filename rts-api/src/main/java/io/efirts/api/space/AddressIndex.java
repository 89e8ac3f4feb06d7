// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.space;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Finds the range of an address by binary search. Ranges may lie over each other; the first in the
 * list has what they share. Immutable, never allocates once made.
 */
final class AddressIndex {
  static final int NONE = -1;

  /** Where the answer changes, ascending as unsigned numbers; flipped to be compared as signed. */
  private final long[] bounds;

  /** The answer from each bound on. */
  private final int[] answers;

  AddressIndex(List<DeclaredRange> ranges) {
    // What lies behind the last address of all is address 0 again.
    bounds =
        LongStream.concat(LongStream.of(0), ranges.stream().flatMapToLong(AddressIndex::boundsOf))
            .map(AddressIndex::flip)
            .sorted()
            .distinct()
            .toArray();
    answers = new int[bounds.length];
    for (int i = 0; i < bounds.length; i++) {
      answers[i] = firstWith(ranges, flip(bounds[i]));
    }
  }

  private static LongStream boundsOf(DeclaredRange range) {
    return LongStream.of(range.first(), range.last() + 1);
  }

  private static int firstWith(List<DeclaredRange> ranges, long address) {
    for (int i = 0; i < ranges.size(); i++) {
      if (ranges.get(i).contains(address)) {
        return i;
      }
    }
    return NONE;
  }

  /** The index of the range in the list, or NONE. */
  int find(long address) {
    int found = Arrays.binarySearch(bounds, flip(address));
    return answers[found >= 0 ? found : -found - 2];
  }

  private static long flip(long address) {
    return address ^ Long.MIN_VALUE;
  }
}

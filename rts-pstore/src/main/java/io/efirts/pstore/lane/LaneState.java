// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.lane;

/**
 * A slot's word: a number above, the state in the lowest three bits.
 *
 * <pre>
 *  FREE      0
 *  CLAIMED   id of the record that will be in it
 *  READY     the record's place in the order
 *  WRITING   token of the attempt to write it
 *  WRITTEN   the same token
 *  TORN      id of the record that was to be in it
 * </pre>
 */
final class LaneState {
  static final int FREE = 0;
  static final int CLAIMED = 1;
  static final int READY = 2;
  static final int WRITING = 3;
  static final int WRITTEN = 4;
  static final int TORN = 5;

  private static final int BITS = 3;
  private static final int MASK = (1 << BITS) - 1;

  private LaneState() {}

  static long word(int state, long number) {
    return number << BITS | state;
  }

  static int state(long word) {
    return (int) word & MASK;
  }

  static long number(long word) {
    return word >>> BITS;
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

import java.util.Arrays;

/** Frames in the order in which they were added. */
final class FrameList {
  private long[] frames = new long[8];
  private int size;

  void add(long frame) {
    if (size == frames.length) {
      frames = Arrays.copyOf(frames, 2 * size);
    }
    frames[size++] = frame;
  }

  int size() {
    return size;
  }

  long get(int index) {
    return frames[index];
  }

  void clear() {
    size = 0;
  }
}

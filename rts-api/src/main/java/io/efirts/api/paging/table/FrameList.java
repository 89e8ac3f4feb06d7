// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.paging.table;

import java.util.Arrays;

/** Frames in the order in which they were added. For one thread. */
public final class FrameList {
  private long[] frames = new long[8];
  private int size;

  /** No frames. */
  public FrameList() {}

  /**
   * Adds a frame at the end.
   *
   * @param frame its physical address
   */
  public void add(long frame) {
    if (size == frames.length) {
      frames = Arrays.copyOf(frames, 2 * size);
    }
    frames[size++] = frame;
  }

  /**
   * How many there are.
   *
   * @return 0 or more
   */
  public int size() {
    return size;
  }

  /**
   * One of them.
   *
   * @param index 0 for the first
   * @return its physical address
   */
  public long get(int index) {
    return frames[index];
  }

  /** Forgets all. */
  public void clear() {
    size = 0;
  }
}

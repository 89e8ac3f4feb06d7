// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

/**
 * Where page tables get their frames from: the embedder's memory manager.
 *
 * <p>Called by the thread that changes the tables, never by {@link PageTables#translate}. A frame
 * may hold anything; the tables clear what they use.
 */
public interface FrameAllocator {
  /** What {@link #allocate} returns when there is no frame. */
  long NONE = -1;

  /**
   * Gives away a frame of guest memory that has the size of the granule and is aligned to it.
   *
   * @param granule how large the frame is
   * @param maximumAddress the highest address that the last byte of the frame may have
   * @return physical address of the frame, or {@link #NONE}
   */
  long allocate(Granule granule, long maximumAddress);

  /**
   * Takes a frame back.
   *
   * @param frame an address that {@link #allocate} returned
   */
  void free(long frame);
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.paging;

import io.efirts.api.memory.AddressSpace;

/**
 * Where page tables get their frames from: the embedder's memory manager.
 *
 * <p>Called by the thread that changes the tables, never by {@link AddressSpace#translate}. A frame
 * may hold anything; the tables clear what they use.
 */
public interface FrameAllocator {
  /** What {@link #allocate} returns when there is no frame. */
  long NONE = -1;

  /**
   * Gives away a frame of guest memory that has the size of a page and is aligned to it.
   *
   * @param size how large a table is: 4 KiB on x86, the granule on arm64
   * @param maximumAddress the highest address that the last byte of the frame may have
   * @return physical address of the frame, or {@link #NONE}
   */
  long allocate(PageSize size, long maximumAddress);

  /**
   * Takes a frame back.
   *
   * @param frame an address that {@link #allocate} returned
   */
  void free(long frame);
}

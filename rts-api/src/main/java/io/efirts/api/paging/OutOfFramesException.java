// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.paging;

/**
 * A change of page tables was refused because the {@link FrameAllocator} could not give the frames
 * it needs. The tables are as they were, and frames obtained for the change were given back.
 */
public final class OutOfFramesException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * A refusal.
   *
   * @param needed how many frames the change needs
   * @param obtained how many the allocator gave
   * @param maximumAddress the highest address that was acceptable
   */
  public OutOfFramesException(long needed, int obtained, long maximumAddress) {
    super(
        "frame allocator must have the frames of a change: needed="
            + needed
            + ", obtained="
            + obtained
            + ", maximumAddress=0x"
            + Long.toHexString(maximumAddress));
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.call;

import io.efirts.api.memory.PhysicalAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Memory lent to a dispatcher for its work items, and where the firmware sees it.
 *
 * <p>Nobody but the firmware should be able to write there: what a guest changes in a work item
 * under way it does to its own call.
 *
 * @param segment the bytes as Java reaches them, zeroed, writable by every thread
 * @param firmwareAddress address of the first byte in the firmware's address space; the whole
 *     segment is contiguous there
 * @param physicalAddress address of the first byte in guest-physical memory; the whole segment is
 *     contiguous there
 */
public record CallMemory(
    MemorySegment segment, long firmwareAddress, PhysicalAddress physicalAddress) {
  private static final long PAGE_BYTES = 4096;

  /**
   * Checks that the worker and the callers can write to the segment.
   *
   * @throws IllegalArgumentException if it is read-only or confined to a thread, or does not start
   *     at a multiple of 4096
   */
  public CallMemory {
    Objects.requireNonNull(segment, "segment");
    Objects.requireNonNull(physicalAddress, "physicalAddress");
    if (segment.isReadOnly() || !segment.isAccessibleBy(new Thread())) {
      throw new IllegalArgumentException(
          "call memory must be writable by every thread: segment=" + segment);
    }
    if (firmwareAddress % PAGE_BYTES != 0) {
      throw new IllegalArgumentException(
          "call memory must start at a multiple of 4096: firmwareAddress=0x"
              + Long.toHexString(firmwareAddress));
    }
  }

  /**
   * Cuts a work item out of this memory.
   *
   * @param offset where it starts, in bytes
   * @param lengthBytes its size
   * @return a new work item
   */
  public RuntimeCall item(long offset, long lengthBytes) {
    return new RuntimeCall(
        segment.asSlice(offset, lengthBytes),
        firmwareAddress + offset,
        physicalAddress.value() + offset);
  }

  /**
   * Allocates zeroed native memory that lives as long as something refers to it. An abandoned call
   * keeps its memory this way until the firmware returned, however late.
   *
   * @param lengthBytes number of bytes, a positive multiple of 4096
   * @return the memory, aligned to 4096
   * @throws IllegalArgumentException if the length is no positive multiple of 4096
   */
  public static MemorySegment allocate(long lengthBytes) {
    if (lengthBytes <= 0 || lengthBytes % PAGE_BYTES != 0) {
      throw new IllegalArgumentException(
          "call memory must be a positive multiple of 4096: lengthBytes=" + lengthBytes);
    }
    return Arena.ofAuto().allocate(lengthBytes, PAGE_BYTES);
  }
}

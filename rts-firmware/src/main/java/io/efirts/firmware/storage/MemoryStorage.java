// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.storage;

import io.efirts.api.spi.NvStorage;
import java.lang.foreign.MemorySegment;

/**
 * Storage in plain memory: for volatile variables, tests and guests whose store the embedder keeps.
 * Its content is as stable as it gets, so {@link #force} does nothing.
 */
public final class MemoryStorage implements NvStorage {
  private final SegmentBytes bytes;

  private MemoryStorage(MemorySegment segment) {
    this.bytes = new SegmentBytes(segment);
  }

  /**
   * Zeroed heap memory.
   *
   * @param sizeBytes number of bytes, a positive multiple of 8 below 16 GiB
   * @return new storage
   * @throws IllegalArgumentException if the size is none of these
   */
  public static MemoryStorage allocate(long sizeBytes) {
    if (sizeBytes <= 0
        || sizeBytes % Long.BYTES != 0
        || sizeBytes / Long.BYTES >= Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "storage size must be a positive multiple of 8 below 16 GiB: sizeBytes=" + sizeBytes);
    }
    return new MemoryStorage(MemorySegment.ofArray(new long[(int) (sizeBytes / Long.BYTES)]));
  }

  /**
   * Memory of the embedder's, used in place.
   *
   * @param segment writable, its words reachable by compare-and-set: native memory aligned to 4, or
   *     an {@code int[]} or {@code long[]}; it must outlive the storage
   * @return storage over that memory
   * @throws IllegalArgumentException if the segment is read-only or its words are not aligned
   */
  public static MemoryStorage over(MemorySegment segment) {
    if (segment.isReadOnly()) {
      throw new IllegalArgumentException("storage memory must be writable");
    }
    if (segment.maxByteAlignment() < Integer.BYTES) {
      throw new IllegalArgumentException(
          "storage memory must be aligned to 4: alignment=" + segment.maxByteAlignment());
    }
    return new MemoryStorage(segment);
  }

  @Override
  public long sizeBytes() {
    return bytes.segment().byteSize();
  }

  @Override
  public MemorySegment content() {
    return bytes.readOnlyView();
  }

  @Override
  public boolean readOnly() {
    return false;
  }

  @Override
  public void write(long offset, MemorySegment source, long sourceOffset, long lengthBytes) {
    bytes.write(offset, source, sourceOffset, lengthBytes);
  }

  @Override
  public boolean compareAndSetWord(long offset, int expected, int replacement) {
    return bytes.compareAndSetWord(offset, expected, replacement);
  }

  @Override
  public void force(long offset, long lengthBytes) {}
}

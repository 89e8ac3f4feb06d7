// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.storage;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reading, writing and compare-and-set on one segment: what mapped files and plain memory have in
 * common. Allocates nothing.
 */
final class SegmentBytes {
  private static final VarHandle WORD =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

  private final MemorySegment segment;
  private final MemorySegment readOnlyView;

  SegmentBytes(MemorySegment segment) {
    this.segment = segment;
    this.readOnlyView = segment.asReadOnly();
  }

  MemorySegment segment() {
    return segment;
  }

  MemorySegment readOnlyView() {
    return readOnlyView;
  }

  void write(long offset, MemorySegment source, long sourceOffset, long lengthBytes) {
    MemorySegment.copy(source, sourceOffset, segment, offset, lengthBytes);
  }

  boolean compareAndSetWord(long offset, int expected, int replacement) {
    return WORD.compareAndSet(segment, offset, expected, replacement);
  }
}

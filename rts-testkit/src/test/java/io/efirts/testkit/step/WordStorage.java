// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.step;

import io.efirts.api.spi.NvStorage;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Sixteen bytes of storage, and what was last made durable. */
final class WordStorage implements NvStorage {
  private static final VarHandle WORD =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

  private final MemorySegment bytes = MemorySegment.ofArray(new int[4]);
  private String lastForced = "";

  String lastForced() {
    return lastForced;
  }

  int word(long offset) {
    return (int) WORD.getVolatile(bytes, offset);
  }

  @Override
  public long sizeBytes() {
    return bytes.byteSize();
  }

  @Override
  public MemorySegment content() {
    return bytes.asReadOnly();
  }

  @Override
  public boolean readOnly() {
    return false;
  }

  @Override
  public void write(long offset, MemorySegment source, long sourceOffset, long lengthBytes) {
    MemorySegment.copy(source, sourceOffset, bytes, offset, lengthBytes);
  }

  @Override
  public boolean compareAndSetWord(long offset, int expected, int replacement) {
    return WORD.compareAndSet(bytes, offset, expected, replacement);
  }

  @Override
  public void force(long offset, long lengthBytes) {
    lastForced = offset + "+" + lengthBytes;
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.placed;

import io.efirts.api.spi.NvStorage;
import io.efirts.firmware.storage.MemoryStorage;
import java.lang.foreign.MemorySegment;

/** Guest memory that keeps what need not outlive the machine: the volatile variables. */
final class PlacedMemory implements WindowedStorage {
  private final NvStorage memory;
  private final PageWindow window;

  PlacedMemory(MemorySegment bytes, PageWindow window) {
    this.memory = MemoryStorage.over(bytes);
    this.window = window;
  }

  @Override
  public PageWindow window() {
    return window;
  }

  @Override
  public long sizeBytes() {
    return memory.sizeBytes();
  }

  @Override
  public MemorySegment content() {
    return memory.content();
  }

  @Override
  public boolean readOnly() {
    return false;
  }

  @Override
  public void write(long offset, MemorySegment source, long sourceOffset, long lengthBytes) {
    window.write(offset, lengthBytes);
    memory.write(offset, source, sourceOffset, lengthBytes);
  }

  @Override
  public boolean compareAndSetWord(long offset, int expected, int replacement) {
    window.write(offset, Integer.BYTES);
    return memory.compareAndSetWord(offset, expected, replacement);
  }

  @Override
  public void force(long offset, long lengthBytes) {
    memory.force(offset, lengthBytes);
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.placed;

import java.lang.foreign.MemorySegment;

/**
 * A copy of the variable volume in guest memory in front of the flash: read from memory, written to
 * both, the flash first.
 *
 * <p>Whatever a change has come to, done, lost or refused halfway, the copy of its bytes is made of
 * what the flash has then. If a page of either cannot be reached, neither is changed.
 *
 * <p>A thread that was stopped in a predecessor may still write bytes of a record that was given up
 * when the image was taken over. Those reach the flash alone, and nobody reads them; its words are
 * the same in both.
 */
final class WriteThroughStorage implements WindowedStorage {
  private final PlacedFlash flash;
  private final PageWindow window;
  private final MemorySegment mirror;
  private final MemorySegment readOnlyMirror;

  /**
   * Loads the copy.
   *
   * @param flash what is copied
   * @param window where the copy lies
   * @param mirror its bytes, as many as the flash has
   */
  WriteThroughStorage(PlacedFlash flash, PageWindow window, MemorySegment mirror) {
    this.flash = flash;
    this.window = window;
    this.mirror = mirror;
    this.readOnlyMirror = mirror.asReadOnly();
    copy(0, flash.sizeBytes());
  }

  @Override
  public PageWindow window() {
    return window;
  }

  @Override
  public long sizeBytes() {
    return flash.sizeBytes();
  }

  @Override
  public MemorySegment content() {
    return readOnlyMirror;
  }

  @Override
  public boolean readOnly() {
    return flash.readOnly();
  }

  @Override
  public void write(long offset, MemorySegment source, long sourceOffset, long lengthBytes) {
    window.write(offset, lengthBytes);
    try {
      flash.write(offset, source, sourceOffset, lengthBytes);
    } finally {
      copy(offset, lengthBytes);
    }
  }

  @Override
  public boolean compareAndSetWord(long offset, int expected, int replacement) {
    window.write(offset, Integer.BYTES);
    try {
      return flash.compareAndSetWord(offset, expected, replacement);
    } finally {
      copy(offset, Integer.BYTES);
    }
  }

  @Override
  public void force(long offset, long lengthBytes) {
    flash.force(offset, lengthBytes);
  }

  private void copy(long offset, long lengthBytes) {
    MemorySegment.copy(flash.content(), offset, mirror, offset, lengthBytes);
  }
}

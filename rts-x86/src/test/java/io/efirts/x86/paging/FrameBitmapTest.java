// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.paging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.api.memory.PhysicalAddress;
import org.junit.jupiter.api.Test;

/** The simple allocator gives each frame once, the lowest first, and knows its own. */
class FrameBitmapTest {
  private final FrameBitmap frames = new FrameBitmap(new PhysicalAddress(0x4000), 3);

  @Test
  void framesAreGivenOutUpwardsAndComeBack() {
    assertEquals(0x4000, frames.allocate(Long.MAX_VALUE));
    assertEquals(0x5000, frames.allocate(Long.MAX_VALUE));
    assertEquals(0x6000, frames.allocate(Long.MAX_VALUE));
    assertEquals(FrameAllocator.NONE, frames.allocate(Long.MAX_VALUE));
    frames.free(0x6000);
    frames.free(0x4000);
    assertEquals(2, frames.freeFrames());
    assertEquals(0x4000, frames.allocate(Long.MAX_VALUE));
    assertEquals(0x6000, frames.allocate(Long.MAX_VALUE));
    assertEquals(0, frames.freeFrames());
  }

  @Test
  void theLastByteLiesWithinTheLimit() {
    assertEquals(FrameAllocator.NONE, frames.allocate(0x4FFE));
    assertEquals(0x4000, frames.allocate(0x4FFF));
    assertEquals(FrameAllocator.NONE, frames.allocate(0x4FFF));
    assertEquals(0x5000, frames.allocate(0x5FFF));
  }

  @Test
  void whatWasNotGivenOutIsNotTakenBack() {
    frames.allocate(Long.MAX_VALUE);
    for (long frame : new long[] {0x3000, 0x4800, 0x5000, 0x7000, -1, Long.MIN_VALUE}) {
      IllegalArgumentException refusal =
          assertThrows(IllegalArgumentException.class, () -> frames.free(frame));
      assertEquals(
          "frame must be one that was allocated: frame=0x" + Long.toHexString(frame),
          refusal.getMessage());
    }
    frames.free(0x4000);
    assertThrows(IllegalArgumentException.class, () -> frames.free(0x4000));
  }

  @Test
  void thereIsAtLeastOneAlignedFrame() {
    assertThrows(
        IllegalArgumentException.class, () -> new FrameBitmap(new PhysicalAddress(0x4800), 1));
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class, () -> new FrameBitmap(new PhysicalAddress(0), 0));
    assertEquals(
        "frames must start on a multiple of 4096 and be at least one: base=PA 0x0, frames=0",
        refusal.getMessage());
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.paging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** The simple allocator gives each frame once, the lowest first, and knows its own. */
class FrameBitmapTest {
  private final FrameBitmap frames =
      new FrameBitmap(PageSize.FOUR_KIB, new PhysicalAddress(0x4000), 3);

  @Test
  void framesAreGivenOutUpwardsAndComeBack() {
    assertEquals(0x4000, frames.allocate(PageSize.FOUR_KIB, Long.MAX_VALUE));
    assertEquals(0x5000, frames.allocate(PageSize.FOUR_KIB, Long.MAX_VALUE));
    assertEquals(0x6000, frames.allocate(PageSize.FOUR_KIB, Long.MAX_VALUE));
    assertEquals(FrameAllocator.NONE, frames.allocate(PageSize.FOUR_KIB, Long.MAX_VALUE));
    frames.free(0x6000);
    frames.free(0x4000);
    assertEquals(2, frames.freeFrames());
    assertEquals(0x4000, frames.allocate(PageSize.FOUR_KIB, Long.MAX_VALUE));
    assertEquals(0x6000, frames.allocate(PageSize.FOUR_KIB, Long.MAX_VALUE));
    assertEquals(0, frames.freeFrames());
  }

  @Test
  void theLastByteLiesWithinTheLimit() {
    assertEquals(FrameAllocator.NONE, frames.allocate(PageSize.FOUR_KIB, 0x4FFE));
    assertEquals(0x4000, frames.allocate(PageSize.FOUR_KIB, 0x4FFF));
    assertEquals(FrameAllocator.NONE, frames.allocate(PageSize.FOUR_KIB, 0x4FFF));
    assertEquals(0x5000, frames.allocate(PageSize.FOUR_KIB, 0x5FFF));
  }

  @Test
  void whatWasNotGivenOutIsNotTakenBack() {
    frames.allocate(PageSize.FOUR_KIB, Long.MAX_VALUE);
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
        IllegalArgumentException.class,
        () -> new FrameBitmap(PageSize.FOUR_KIB, new PhysicalAddress(0x4800), 1));
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> new FrameBitmap(PageSize.FOUR_KIB, new PhysicalAddress(0), 0));
    assertEquals(
        "frames must start on a multiple of 4096 and be at least one: base=PA 0x0, frames=0",
        refusal.getMessage());
  }

  @Test
  void framesHaveTheSizeOfTheirPage() {
    FrameBitmap large = new FrameBitmap(PageSize.SIXTY_FOUR_KIB, new PhysicalAddress(0x3_0000), 2);
    assertEquals(FrameAllocator.NONE, large.allocate(PageSize.SIXTY_FOUR_KIB, 0x3_FFFE));
    assertEquals(0x3_0000, large.allocate(PageSize.SIXTY_FOUR_KIB, 0x3_FFFF));
    assertEquals(0x4_0000, large.allocate(PageSize.SIXTY_FOUR_KIB, Long.MAX_VALUE));
    assertThrows(IllegalArgumentException.class, () -> large.free(0x4_1000));
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> large.allocate(PageSize.FOUR_KIB, Long.MAX_VALUE));
    assertEquals(
        "size must be that of the frames: size=4 KiB, frames=64 KiB", refusal.getMessage());
  }

  @Test
  void aRegionGivesItsWholeFrames() {
    MemoryRegion region =
        new MemoryRegion(new PhysicalAddress(0xF000), MemorySegment.ofArray(new byte[0x2_2000]));
    assertEquals(34, FrameBitmap.of(PageSize.FOUR_KIB, region).freeFrames());
    FrameBitmap middle = FrameBitmap.of(PageSize.SIXTEEN_KIB, region);
    assertEquals(8, middle.freeFrames());
    assertEquals(0x1_0000, middle.allocate(PageSize.SIXTEEN_KIB, Long.MAX_VALUE));
    assertEquals(2, FrameBitmap.of(PageSize.SIXTY_FOUR_KIB, region).freeFrames());
    MemoryRegion small =
        new MemoryRegion(new PhysicalAddress(0x1000), MemorySegment.ofArray(new byte[0x1_E000]));
    assertThrows(
        IllegalArgumentException.class, () -> FrameBitmap.of(PageSize.SIXTY_FOUR_KIB, small));
  }
}

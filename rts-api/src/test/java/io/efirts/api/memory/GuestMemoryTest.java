// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Regions are found by any address inside them, and cannot overlap. */
class GuestMemoryTest {
  private static MemoryRegion region(long base, int pages) {
    return new MemoryRegion(
        new PhysicalAddress(base), MemorySegment.ofArray(new byte[pages * 4096]));
  }

  @Test
  void aRegionIsFoundFromItsFirstToItsLastByte() {
    MemoryRegion low = region(0, 1);
    MemoryRegion middle = region(0x1000, 2);
    MemoryRegion high = region(0xF_FFFF_FFFF_F000L, 1);
    GuestMemory memory = GuestMemory.of(List.of(high, low, middle));
    assertEquals(List.of(low, middle, high), memory.regions());
    assertSame(low, memory.regionAt(0));
    assertSame(low, memory.regionAt(0xFFF));
    assertSame(middle, memory.regionAt(0x1000));
    assertSame(middle, memory.regionAt(0x2FFF));
    assertNull(memory.regionAt(0x3000));
    assertNull(memory.regionAt(0xF_FFFF_FFFF_EFFFL));
    assertSame(high, memory.regionAt(0xF_FFFF_FFFF_F000L));
    assertSame(high, memory.regionAt(0xF_FFFF_FFFF_FFFFL));
    assertNull(memory.regionAt(0x10_0000_0000_0000L));
    assertNull(memory.regionAt(-1));
    assertEquals(0x1FFF, middle.offsetOf(0x2FFF));
  }

  @Test
  void regionsMustNotOverlap() {
    assertRefused(
        "regions must not overlap: first=PA 0x1000, second=PA 0x2000",
        () -> GuestMemory.of(List.of(region(0x2000, 1), region(0x1000, 2))));
    assertRefused(
        "regions must not overlap: first=PA 0x1000, second=PA 0x1000",
        () -> GuestMemory.of(List.of(region(0x1000, 1), region(0x1000, 1))));
    assertRefused(
        "guest memory must have at least one region: regions=0", () -> GuestMemory.of(List.of()));
  }

  @Test
  void regionsAreWholePagesWithin52Bits() {
    assertRefused(
        "region must start and end on a multiple of 4096 and not be empty: base=0x800, size=0x1000",
        () -> region(0x800, 1));
    assertRefused(
        "region must start and end on a multiple of 4096 and not be empty: base=0x1000, size=0x0",
        () -> region(0x1000, 0));
    assertRefused(
        "region must start and end on a multiple of 4096 and not be empty: base=0x1000, size=0x64",
        () -> new MemoryRegion(new PhysicalAddress(0x1000), MemorySegment.ofArray(new byte[100])));
    assertRefused(
        "region must end within 52 bits: base=PA 0xffffffffff000, size=0x2000",
        () -> region(0xF_FFFF_FFFF_F000L, 2));
    assertRefused(
        "physical address must fit 52 bits: value=0x10000000000000",
        () -> new PhysicalAddress(1L << 52));
  }

  @Test
  void regionsAreWritableByEveryThread() {
    try (Arena confined = Arena.ofConfined()) {
      assertRefused(
          "region must be writable by every thread: base=PA 0x0",
          () -> new MemoryRegion(new PhysicalAddress(0), confined.allocate(4096)));
    }
    assertRefused(
        "region must be writable by every thread: base=PA 0x0",
        () ->
            new MemoryRegion(
                new PhysicalAddress(0), MemorySegment.ofArray(new byte[4096]).asReadOnly()));
  }

  private static void assertRefused(String message, Executable misuse) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, misuse).getMessage());
  }
}

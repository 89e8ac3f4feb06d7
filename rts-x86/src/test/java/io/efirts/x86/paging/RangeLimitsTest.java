// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.paging;

import static io.efirts.api.memory.MappingAttributes.CODE;
import static io.efirts.api.memory.MappingAttributes.DATA;
import static io.efirts.x86.paging.Guest.GIB;
import static io.efirts.x86.paging.Guest.MIB;
import static io.efirts.x86.paging.Guest.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.memory.Access;
import io.efirts.api.memory.CacheType;
import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.paging.FrameAllocator;
import io.efirts.api.paging.FrameBitmap;
import io.efirts.api.paging.Mapping;
import io.efirts.api.paging.OutOfFramesException;
import io.efirts.api.paging.PageSize;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The first and the last address of everything, and what lies one page beyond. */
class RangeLimitsTest {
  private final Guest guest = new Guest(64);

  @Test
  void theWholeUpperHalfEndsAtTheLastAddress() {
    for (PagingMode mode : new PagingMode[] {PagingMode.FOUR_LEVEL, PagingMode.FIVE_LEVEL}) {
      PageTables tables = guest.builder(mode).build();
      Guest.map(tables, -PAGE, 0x5000, PAGE, DATA);
      assertEquals(0x5FFF, tables.translate(-1, Access.WRITE));
      Guest.unmap(tables, -PAGE, PAGE);
      Guest.map(tables, -512 * GIB, 0, 512 * GIB, DATA);
      assertEquals(512 * GIB - 1, tables.translate(-1, Access.WRITE));
      assertEquals(0, tables.translate(-512 * GIB, Access.WRITE));
      tables.release();
    }
  }

  @Test
  void rangesDoNotWrapFromTheLastAddressToTheFirst() {
    for (PagingMode mode : PagingMode.values()) {
      PageTables tables = guest.builder(mode).build();
      assertRefused(tables, -PAGE, 0, 2 * PAGE);
      assertRefused(tables, -PAGE, 0, PAGE + 4 * GIB);
      assertRefused(tables, PAGE, 0, Long.MIN_VALUE);
      tables.release();
    }
  }

  @Test
  void rangesEndWhereAddressesStopBeingCanonical() {
    assertLowHalfEndsAt(PagingMode.FOUR_LEVEL, 1L << 47);
    assertLowHalfEndsAt(PagingMode.FIVE_LEVEL, 1L << 56);
    assertLowHalfEndsAt(PagingMode.PAE, 1L << 32);
    assertLowHalfEndsAt(PagingMode.LEGACY_32, 1L << 32);
    PageTables tables = guest.builder(PagingMode.FOUR_LEVEL).build();
    assertRefused(tables, -(1L << 47) - PAGE, 0, 2 * PAGE);
    assertRefused(tables, 0, 0, Long.MAX_VALUE & -PAGE);
    Guest.map(tables, -(1L << 47), 0, PAGE, DATA);
  }

  private void assertLowHalfEndsAt(PagingMode mode, long end) {
    PageTables tables = guest.builder(mode).build();
    assertRefused(tables, end, 0, PAGE);
    assertRefused(tables, end - PAGE, 0, 2 * PAGE);
    Guest.map(tables, end - PAGE, 0x9000, PAGE, DATA);
    assertEquals(0x9FFF, tables.translate(end - 1, Access.READ));
    tables.release();
  }

  @Test
  void physicalAddressesEndAtTheProcessorsWidth() {
    assertPhysicalEnd(guest.builder(PagingMode.FOUR_LEVEL), 1L << 52);
    assertPhysicalEnd(guest.builder(PagingMode.FOUR_LEVEL).physicalBits(36), 1L << 36);
    assertPhysicalEnd(guest.builder(PagingMode.PAE).physicalBits(40), 1L << 40);
    assertPhysicalEnd(guest.builder(PagingMode.LEGACY_32).physicalBits(52), 1L << 32);
  }

  private static void assertPhysicalEnd(PageTablesBuilder builder, long end) {
    PageTables tables = builder.build();
    Guest.map(tables, 0, end - PAGE, PAGE, DATA);
    assertEquals(end - 1, tables.translate(PAGE - 1, Access.READ));
    assertRefused(tables, PAGE, end - PAGE, 2 * PAGE);
    assertRefused(tables, PAGE, 0x1800, PAGE);
    if (end < 1L << 52) {
      assertRefused(tables, PAGE, end, PAGE);
    }
  }

  @Test
  void pagesOfEverySizeAreMadeFromTheFirstAlignedAddressOn() {
    PageTables tables = guest.builder(PagingMode.FOUR_LEVEL).build();
    Guest.map(tables, GIB - 2 * MIB - PAGE, GIB - 2 * MIB - PAGE, 2 * GIB, CODE);
    List<String> sizes =
        tables.mappings().stream()
            .map(m -> "%x-%x %s".formatted(m.first().value(), m.last().value(), m.pageSize()))
            .toList();
    assertEquals(
        List.of(
            "3fdff000-3fdfffff 4 KiB",
            "3fe00000-3fffffff 2 MiB",
            "40000000-7fffffff 1 GiB",
            "80000000-bfbfffff 2 MiB",
            "bfc00000-bfdfefff 4 KiB"),
        sizes);
  }

  @Test
  void anEndlessRequestIsRefusedAtOnce() {
    PageTables tables = guest.builder(PagingMode.FIVE_LEVEL).build();
    OutOfFramesException refusal =
        assertThrows(
            OutOfFramesException.class, () -> Guest.map(tables, 0, PAGE, (1L << 52) - PAGE, DATA));
    assertTrue(refusal.getMessage().contains("needed=2151686160,"), refusal.getMessage());
    assertEquals(1, guest.framesInUse());
  }

  @Test
  void aMissingMemoryTypeIsRefused() {
    PageTables tables = guest.builder(PagingMode.FOUR_LEVEL).patTypes(PatTypes.RESET).build();
    MappingAttributes combining = new MappingAttributes(true, false, CacheType.WRITE_COMBINING);
    assertThrows(IllegalArgumentException.class, () -> Guest.map(tables, 0, 0, PAGE, combining));
    Guest.map(tables, 0, 0, PAGE, DATA);
    assertThrows(IllegalArgumentException.class, () -> Guest.protect(tables, 0, PAGE, combining));
    assertEquals(0, tables.translate(0, Access.WRITE));
  }

  @Test
  void theRootLiesBelow4GiBWhereItMust() {
    GuestMemory high =
        GuestMemory.of(
            List.of(
                new MemoryRegion(
                    new PhysicalAddress(4 * GIB), MemorySegment.ofArray(new long[8 * 512]))));
    FrameBitmap frames = FrameBitmap.of(PageSize.FOUR_KIB, high.regions().getFirst());
    PageTables.builder(PagingMode.FOUR_LEVEL, high, frames).build().release();
    for (PageTablesBuilder builder :
        List.of(
            PageTables.builder(PagingMode.FOUR_LEVEL, high, frames).rootBelow4GiB(),
            PageTables.builder(PagingMode.PAE, high, frames),
            PageTables.builder(PagingMode.LEGACY_32, high, frames))) {
      OutOfFramesException refusal = assertThrows(OutOfFramesException.class, builder::build);
      assertTrue(refusal.getMessage().endsWith("maximumAddress=0xffffffff"), refusal::getMessage);
    }
    assertEquals(8, frames.freeFrames());
  }

  @Test
  void tablesMayLieInSeveralRegions() {
    GuestMemory memory =
        GuestMemory.of(
            List.of(
                new MemoryRegion(
                    new PhysicalAddress(0x10_0000), MemorySegment.ofArray(new long[2 * 512])),
                new MemoryRegion(
                    new PhysicalAddress(6 * GIB), MemorySegment.ofArray(new long[4 * 512]))));
    FrameBitmap low = FrameBitmap.of(PageSize.FOUR_KIB, memory.regions().getFirst());
    FrameBitmap high = FrameBitmap.of(PageSize.FOUR_KIB, memory.regions().getLast());
    FrameAllocator both =
        new FrameAllocator() {
          @Override
          public long allocate(PageSize size, long maximumAddress) {
            long frame = low.allocate(size, maximumAddress);
            return frame == NONE ? high.allocate(size, maximumAddress) : frame;
          }

          @Override
          public void free(long frame) {
            (frame < 6 * GIB ? low : high).free(frame);
          }
        };
    PageTables tables = PageTables.builder(PagingMode.FOUR_LEVEL, memory, both).build();
    Guest.map(tables, 0x1234_5000, 0x7000, PAGE, DATA);
    assertEquals(0x7ABC, tables.translate(0x1234_5ABC, Access.WRITE));
    assertEquals(2, high.freeFrames());
    Guest.unmap(tables, 0x1234_5000, PAGE);
    assertEquals(4, high.freeFrames());
    assertEquals(1, low.freeFrames());
  }

  @Test
  void memoryWithoutAlignmentIsRefused() {
    GuestMemory memory =
        GuestMemory.of(
            List.of(
                new MemoryRegion(new PhysicalAddress(0), MemorySegment.ofArray(new byte[4096]))));
    FrameBitmap frames = FrameBitmap.of(PageSize.FOUR_KIB, memory.regions().getFirst());
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> PageTables.builder(PagingMode.PAE, memory, frames).build());
    assertEquals(
        "guest memory must be aligned to 8 bytes: region=PA 0x0, alignment=1",
        refusal.getMessage());
    assertEquals(1, frames.freeFrames());
  }

  @Test
  void theBuilderKnowsItsLimits() {
    PageTablesBuilder builder = guest.builder(PagingMode.PAE);
    for (int bits : new int[] {31, 53}) {
      IllegalArgumentException refusal =
          assertThrows(IllegalArgumentException.class, () -> builder.physicalBits(bits));
      assertEquals(
          "physical address width must be 32 to 52 bits: bits=" + bits, refusal.getMessage());
    }
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> builder.largestPage(PageSize.ONE_GIB));
    assertEquals("page size must be one of the mode's: size=1 GiB, mode=PAE", refusal.getMessage());
  }

  private static void assertRefused(PageTables tables, long virtual, long physical, long length) {
    List<Mapping> before = tables.mappings();
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> Guest.map(tables, virtual, physical, length, DATA))
            .getMessage();
    assertTrue(
        message.startsWith("range must be a positive multiple of 4096 of canonical addresses: ")
            || message.startsWith("physical range must be aligned to 4096 and within the address"),
        message);
    assertEquals(before, tables.mappings());
  }
}

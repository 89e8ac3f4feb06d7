// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

import static io.efirts.api.memory.MappingAttributes.CODE;
import static io.efirts.api.memory.MappingAttributes.DATA;
import static io.efirts.arm64.paging.Guest.GIB;
import static io.efirts.arm64.paging.Guest.KIB;
import static io.efirts.arm64.paging.Guest.MIB;
import static io.efirts.arm64.paging.Guest.PAGE;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The first and the last address of everything, and what lies one page beyond. */
class RangeLimitsTest {
  private final Guest guest = new Guest(Granule.FOUR_KIB, 64);

  @ParameterizedTest
  @EnumSource
  void rangesEndWithTheAddressSpace(Granule granule) {
    long page = granule.bytes();
    Guest own = new Guest(granule, 8);
    for (int bits = 36; bits <= 48; bits++) {
      PageTables tables = own.builder(bits).build();
      long end = 1L << bits;
      assertRefused(tables, end, 0, page);
      assertRefused(tables, end - page, 0, 2 * page);
      assertRefused(tables, 0, 0, end + page);
      Guest.map(tables, end - page, 16 * page, page, DATA);
      assertEquals(17 * page - 1, tables.translate(end - 1, Access.READ));
      Guest.map(tables, 0, 0, page, DATA);
      assertEquals(page - 1, tables.translate(page - 1, Access.READ));
      tables.release();
    }
  }

  @Test
  void allAddressesAtOnce() {
    PageTables tables = guest.builder(39).build();
    Guest.map(tables, 0, 0, 1L << 39, DATA);
    assertEquals(1, guest.framesInUse());
    assertEquals((1L << 39) - 1, tables.translate((1L << 39) - 1, Access.WRITE));
    Guest.unmap(tables, 0, 1L << 39);
    assertEquals(List.of(), tables.mappings());
  }

  @Test
  void addressesOfTheHostsRangeAreRefused() {
    PageTables tables = guest.builder().build();
    assertRefused(tables, -PAGE, 0, PAGE);
    assertRefused(tables, -PAGE, 0, 2 * PAGE);
    assertRefused(tables, 0xFFFF_0000_0000_0000L, 0, PAGE);
    assertRefused(tables, 0, 0, Long.MIN_VALUE);
    assertRefused(tables, 0, 0, Long.MAX_VALUE & -PAGE);
  }

  /** 4 KiB, UEFI's page, is not enough where the granule is larger. */
  @ParameterizedTest
  @EnumSource(names = "FOUR_KIB", mode = EnumSource.Mode.EXCLUDE)
  void rangesAreMultiplesOfTheGranule(Granule granule) {
    long page = granule.bytes();
    PageTables tables = new Guest(granule, 8).builder().build();
    assertRefused(tables, 0, 0, 4 * KIB);
    assertRefused(tables, 4 * KIB, 4 * KIB, page);
    assertRefused(tables, 0, 4 * KIB, page);
    assertRefused(tables, 0, 0, page + 4 * KIB);
    assertRefused(tables, page / 2, page / 2, page);
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> Guest.map(tables, 0, 0, 4 * KIB, DATA));
    assertEquals(
        "range must be a positive multiple of "
            + page
            + " of addresses that the tables translate: first=0x0, length=0x1000, bits=48",
        refusal.getMessage());
    Guest.map(tables, 0, 0, 2 * page, DATA);
    assertThrows(IllegalArgumentException.class, () -> Guest.unmap(tables, 0, 4 * KIB));
    assertThrows(IllegalArgumentException.class, () -> Guest.protect(tables, 4 * KIB, page, CODE));
    assertThrows(IllegalArgumentException.class, () -> Guest.join(tables, 0, 4 * KIB));
    assertEquals(2 * page - 1, tables.translate(2 * page - 1, Access.WRITE));
  }

  @Test
  void physicalAddressesEndAtTheOutputSize() {
    for (int bits : new int[] {32, 36, 40, 42, 44, 48}) {
      long end = 1L << bits;
      PageTables tables = guest.builder().physicalBits(bits).build();
      Guest.map(tables, 0, end - PAGE, PAGE, DATA);
      assertEquals(end - 1, tables.translate(PAGE - 1, Access.READ));
      assertRefused(tables, PAGE, end - PAGE, 2 * PAGE);
      assertRefused(tables, PAGE, 0x1800, PAGE);
      assertRefused(tables, PAGE, end, PAGE);
      assertRefused(tables, PAGE, 1L << 51, PAGE);
      tables.release();
    }
  }

  @ParameterizedTest
  @EnumSource
  void wideOutputAddressesEndAtTheOutputSizeToo(Granule granule) {
    Guest own = new Guest(granule, 8);
    long page = granule.bytes();
    for (int bits : new int[] {44, 48, 52}) {
      PageTables tables = own.builder(52).physicalBits(bits).build();
      assertEquals(bits, tables.physicalBits());
      Guest.map(tables, (1L << 52) - page, (1L << bits) - page, page, DATA);
      assertEquals((1L << bits) - 1, tables.translate((1L << 52) - 1, Access.READ));
      assertRefused(tables, 0, (1L << bits) - page, 2 * page);
      tables.release();
    }
    assertEquals(52, own.builder(52).build().physicalBits());
  }

  @Test
  void pagesOfEverySizeAreMadeFromTheFirstAlignedAddressOn() {
    PageTables tables = guest.builder().build();
    Guest.map(tables, GIB - 2 * MIB - PAGE, GIB - 2 * MIB - PAGE, 2 * GIB, CODE);
    assertEquals(
        List.of(
            "3fdff000-3fdfffff 4 KiB",
            "3fe00000-3fffffff 2 MiB",
            "40000000-7fffffff 1 GiB",
            "80000000-bfbfffff 2 MiB",
            "bfc00000-bfdfefff 4 KiB"),
        sizes(tables));
    Guest large = new Guest(Granule.SIXTY_FOUR_KIB, 8);
    tables = large.builder().build();
    Guest.map(tables, GIB - 64 * KIB, GIB - 64 * KIB, GIB, CODE);
    assertEquals(
        List.of(
            "3fff0000-3fffffff 64 KiB", "40000000-5fffffff 512 MiB", "60000000-7ffeffff 64 KiB"),
        sizes(tables));
  }

  private static List<String> sizes(PageTables tables) {
    return tables.mappings().stream()
        .map(m -> "%x-%x %s".formatted(m.first().value(), m.last().value(), m.pageSize()))
        .toList();
  }

  @Test
  void anEndlessRequestIsRefusedAtOnce() {
    PageTables tables = guest.builder().build();
    OutOfFramesException refusal =
        assertThrows(
            OutOfFramesException.class, () -> Guest.map(tables, 0, PAGE, (1L << 48) - PAGE, DATA));
    // One page less than everything: 2^27 tables of pages, 2^18 and 2^9 above them.
    assertTrue(refusal.getMessage().contains("needed=134480384,"), refusal.getMessage());
    assertEquals(1, guest.framesInUse());
  }

  @Test
  void aMissingMemoryTypeIsRefused() {
    PageTables tables = guest.builder().mairTypes(new MairTypes(0xFF)).build();
    MappingAttributes device = new MappingAttributes(true, false, CacheType.WRITE_THROUGH);
    assertThrows(IllegalArgumentException.class, () -> Guest.map(tables, 0, 0, PAGE, device));
    Guest.map(tables, 0, 0, PAGE, DATA);
    assertThrows(IllegalArgumentException.class, () -> Guest.protect(tables, 0, PAGE, device));
    assertEquals(0, tables.translate(0, Access.WRITE));
  }

  @Test
  void framesLieWithinTheOutputSize() {
    GuestMemory high =
        GuestMemory.of(
            List.of(
                new MemoryRegion(
                    new PhysicalAddress(4 * GIB), MemorySegment.ofArray(new long[8 * 512]))));
    FrameBitmap frames = FrameBitmap.of(PageSize.FOUR_KIB, high.regions().getFirst());
    PagingMode mode = new PagingMode(Granule.FOUR_KIB, 48);
    PageTables.builder(mode, high, frames).physicalBits(36).build().release();
    OutOfFramesException refusal =
        assertThrows(
            OutOfFramesException.class,
            () -> PageTables.builder(mode, high, frames).physicalBits(32).build());
    assertTrue(refusal.getMessage().endsWith("maximumAddress=0xffffffff"), refusal::getMessage);
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
          public long allocate(PageSize granule, long maximumAddress) {
            long frame = low.allocate(granule, maximumAddress);
            return frame == NONE ? high.allocate(granule, maximumAddress) : frame;
          }

          @Override
          public void free(long frame) {
            (frame < 6 * GIB ? low : high).free(frame);
          }
        };
    PageTables tables =
        PageTables.builder(new PagingMode(Granule.FOUR_KIB, 48), memory, both).build();
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
    PageTablesBuilder builder =
        PageTables.builder(new PagingMode(Granule.FOUR_KIB, 48), memory, frames);
    IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, builder::build);
    assertEquals(
        "guest memory must be aligned to 8 bytes: region=PA 0x0, alignment=1",
        refusal.getMessage());
    assertEquals(1, frames.freeFrames());
  }

  @Test
  void theBuilderKnowsItsLimits() {
    PageTablesBuilder builder = guest.builder();
    for (int bits : new int[] {31, 33, 46, 52}) {
      assertRefused(
          "output address size must be 32, 36, 40, 42, 44, 48 or 52 bits and one of the mode's:"
              + " bits="
              + bits
              + ", mode=4 KiB granule, 48 bits",
          () -> builder.physicalBits(bits));
    }
    guest.builder(52).physicalBits(52);
    assertThrows(IllegalArgumentException.class, () -> guest.builder(52).physicalBits(56));
    for (int id : new int[] {-1, 0x1_0000}) {
      assertRefused("address space id must fit 16 bits: id=" + id, () -> builder.asid(id));
    }
    assertRefused(
        "page size must be one of the granule's: size=64 KiB, granule=4 KiB",
        () -> builder.largestPage(PageSize.SIXTY_FOUR_KIB));
  }

  private static void assertRefused(String message, Runnable misuse) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, misuse::run).getMessage());
  }

  private static void assertRefused(PageTables tables, long virtual, long physical, long length) {
    List<Mapping> before = tables.mappings();
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> Guest.map(tables, virtual, physical, length, DATA))
            .getMessage();
    int page = tables.mode().granule().bytes();
    assertTrue(
        message.startsWith("range must be a positive multiple of " + page + " of addresses that")
            || message.startsWith(
                "physical range must be aligned to " + page + " and within the output address"),
        message);
    assertEquals(before, tables.mappings());
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.paging;

import static io.efirts.api.memory.MappingAttributes.CODE;
import static io.efirts.api.memory.MappingAttributes.DATA;
import static io.efirts.api.memory.MappingAttributes.READ_ONLY;
import static io.efirts.x86.paging.Guest.GIB;
import static io.efirts.x86.paging.Guest.MIB;
import static io.efirts.x86.paging.Guest.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.memory.CacheType;
import io.efirts.api.memory.MappingAttributes;
import org.junit.jupiter.api.Test;

/**
 * The bytes of tables, each bit as the manual has it. Frames are given out upwards, so the root is
 * the first of them and the table below it the second.
 */
class GoldenEntriesTest {
  private static final long ROOT = Guest.BASE;
  private static final long SECOND = ROOT + 0x1000;
  private static final long THIRD = ROOT + 0x2000;
  private static final long FOURTH = ROOT + 0x3000;
  private static final long FIFTH = ROOT + 0x4000;
  private static final MappingAttributes ALL =
      new MappingAttributes(true, true, CacheType.WRITE_BACK);

  private final Guest guest = new Guest(32);

  @Test
  void fourLevelsDownToASmallPage() {
    PageTables tables = guest.builder(PagingMode.FOUR_LEVEL).build();
    // PML4 index 511, PDPT index 447, PD index 511, PT index 511.
    Guest.map(tables, 0xFFFF_FFEF_FFFF_F000L, 0x1234_5000, PAGE, DATA);
    assertEquals(ROOT, tables.root());
    assertEquals(0x0000_0000_0010_1003L, guest.load64(ROOT + 511 * 8));
    assertEquals(0x0000_0000_0010_2003L, guest.load64(SECOND + 447 * 8));
    assertEquals(0x0000_0000_0010_3003L, guest.load64(THIRD + 511 * 8));
    assertEquals(0x8000_0000_1234_5003L, guest.load64(FOURTH + 511 * 8));
  }

  @Test
  void everythingElseInATableIsZero() {
    PageTables tables = guest.builder(PagingMode.FOUR_LEVEL).build();
    Guest.map(tables, 0x20_3000, 0x1234_5000, 2 * PAGE, CODE);
    for (int i = 0; i < 512; i++) {
      assertEquals(i == 0 ? 0x10_1003L : 0, guest.load64(ROOT + i * 8));
      assertEquals(i == 0 ? 0x10_2003L : 0, guest.load64(SECOND + i * 8));
      assertEquals(i == 1 ? 0x10_3003L : 0, guest.load64(THIRD + i * 8));
      long page = i == 3 ? 0x1234_5001L : i == 4 ? 0x1234_6001L : 0;
      assertEquals(page, guest.load64(FOURTH + i * 8));
    }
  }

  @Test
  void fiveLevelsDownToASmallPage() {
    PageTables tables = guest.builder(PagingMode.FIVE_LEVEL).build();
    // PML5 index 256, then 1, 2, 3, 4.
    long address = 0xFF00_0000_0000_0000L | 1L << 39 | 2L << 30 | 3L << 21 | 4L << 12;
    Guest.map(tables, address, 0x000F_FFFF_FFFF_F000L, PAGE, READ_ONLY);
    assertEquals(0x10_1003L, guest.load64(ROOT + 256 * 8));
    assertEquals(0x10_2003L, guest.load64(SECOND + 8));
    assertEquals(0x10_3003L, guest.load64(THIRD + 2 * 8));
    assertEquals(0x10_4003L, guest.load64(FOURTH + 3 * 8));
    assertEquals(0x800F_FFFF_FFFF_F001L, guest.load64(FIFTH + 4 * 8));
  }

  @Test
  void paeHasARootOfFourEntriesWithoutPermissions() {
    PageTables tables = guest.builder(PagingMode.PAE).build();
    Guest.map(tables, 0xFFFF_F000L, 0x1_2345_6000L, PAGE, DATA);
    assertEquals(0x10_1001L, guest.load64(ROOT + 3 * 8));
    assertEquals(0x10_2003L, guest.load64(SECOND + 511 * 8));
    assertEquals(0x8000_0001_2345_6003L, guest.load64(THIRD + 511 * 8));
  }

  @Test
  void legacyEntriesAre32BitsWideAndAlwaysExecutable() {
    PageTables tables = guest.builder(PagingMode.LEGACY_32).build();
    Guest.map(tables, 0xFFFF_F000L, 0xFFFF_F000L, PAGE, DATA);
    assertEquals(0x0010_1003L, guest.load32(ROOT + 1023 * 4));
    assertEquals(0xFFFF_F003L, guest.load32(SECOND + 1023 * 4));
    Guest.map(tables, 0x40_0000, 0xFFC0_0000L, 4 * MIB, READ_ONLY);
    assertEquals(0xFFC0_0081L, guest.load32(ROOT + 4));
    Guest.map(tables, 0x80_0000, 0x80_0000, 4 * MIB, DATA);
    assertEquals(0x0080_0083L, guest.load32(ROOT + 8));
  }

  @Test
  void largePagesCarryPs() {
    PageTables tables = guest.builder(PagingMode.FOUR_LEVEL).build();
    Guest.map(tables, 3 * GIB, 5 * GIB, GIB, CODE);
    assertEquals(0x0000_0001_4000_0081L, guest.load64(SECOND + 3 * 8));
    Guest.map(tables, 4 * GIB + 2 * MIB, 6 * MIB, 2 * MIB, DATA);
    assertEquals(0x8000_0000_0060_0083L, guest.load64(THIRD + 8));
    Guest.map(tables, 4 * GIB + 4 * MIB, 8 * MIB, 2 * MIB, ALL);
    assertEquals(0x0000_0000_0080_0083L, guest.load64(THIRD + 2 * 8));
  }

  @Test
  void memoryTypesInSmallPages() {
    PageTables tables = guest.builder(PagingMode.FOUR_LEVEL).build();
    long[] expected = {0x19, 0x99, 0x09, 0x01, 0x89};
    for (CacheType type : CacheType.values()) {
      Guest.map(
          tables, type.ordinal() * PAGE, 0x40_0000, PAGE, new MappingAttributes(false, true, type));
      long entry = guest.load64(FOURTH + type.ordinal() * 8L);
      assertEquals(0x40_0000 | expected[type.ordinal()], entry, type::toString);
    }
  }

  @Test
  void memoryTypesInLargePagesHaveThePatBitInBit12() {
    PageTables tables = guest.builder(PagingMode.FOUR_LEVEL).build();
    long[] expected = {0x99, 0x1099, 0x89, 0x81, 0x1089};
    for (CacheType type : CacheType.values()) {
      MappingAttributes attributes = new MappingAttributes(false, true, type);
      Guest.map(tables, type.ordinal() * 2 * MIB, 0x40_0000, 2 * MIB, attributes);
      long entry = guest.load64(THIRD + type.ordinal() * 8L);
      assertEquals(0x40_0000 | expected[type.ordinal()], entry, type::toString);
      Guest.map(tables, GIB + type.ordinal() * GIB, 2 * GIB, GIB, attributes);
      long giant = guest.load64(SECOND + 8 + type.ordinal() * 8L);
      assertEquals(2 * GIB | expected[type.ordinal()], giant, type::toString);
    }
  }

  @Test
  void splittingMovesThePatBitAndJoiningMovesItBack() {
    PageTables tables = guest.builder(PagingMode.FOUR_LEVEL).build();
    MappingAttributes combining = new MappingAttributes(true, false, CacheType.WRITE_COMBINING);
    Guest.map(tables, 0, 4 * GIB, GIB, combining);
    assertEquals(0x8000_0001_0000_109BL, guest.load64(SECOND));
    Guest.protect(tables, 0x20_1000, PAGE, READ_ONLY);
    assertEquals(0x0000_0000_0010_2003L, guest.load64(SECOND));
    assertEquals(0x8000_0001_0000_109BL, guest.load64(THIRD));
    assertEquals(0x0000_0000_0010_3003L, guest.load64(THIRD + 8));
    assertEquals(0x8000_0001_3FE0_109BL, guest.load64(THIRD + 511 * 8));
    assertEquals(0x8000_0001_0020_009BL, guest.load64(FOURTH));
    assertEquals(0x8000_0001_0020_1001L, guest.load64(FOURTH + 8));
    assertEquals(0x8000_0001_003F_F09BL, guest.load64(FOURTH + 511 * 8));
    Guest.protect(tables, 0x20_1000, PAGE, combining);
    Guest.join(tables, 0, GIB).flush();
    assertEquals(0x8000_0001_0000_109BL, guest.load64(SECOND));
  }

  @Test
  void splittingOfLegacyPages() {
    PageTables tables = guest.builder(PagingMode.LEGACY_32).build();
    MappingAttributes combining = new MappingAttributes(true, true, CacheType.WRITE_COMBINING);
    Guest.map(tables, 0x40_0000, 0x80_0000, 4 * MIB, combining);
    assertEquals(0x0080_109BL, guest.load32(ROOT + 4));
    Guest.unmap(tables, 0x7F_F000, PAGE);
    assertEquals(0x0010_1003L, guest.load32(ROOT + 4));
    assertEquals(0x0080_009BL, guest.load32(SECOND));
    assertEquals(0x00BF_E09BL, guest.load32(SECOND + 1022 * 4));
    assertEquals(0, guest.load32(SECOND + 1023 * 4));
  }

  @Test
  void accessedAndDirtyAreClearUnlessAskedFor() {
    PageTables tables = guest.builder(PagingMode.FOUR_LEVEL).accessed().global().build();
    Guest.map(tables, 0, 0, PAGE, DATA);
    Guest.map(tables, PAGE, PAGE, PAGE, CODE);
    Guest.map(tables, 2 * MIB, 0, 2 * MIB, DATA);
    assertEquals(0x10_1023L, guest.load64(ROOT));
    assertEquals(0x10_2023L, guest.load64(SECOND));
    assertEquals(0x10_3023L, guest.load64(THIRD));
    assertEquals(0x8000_0000_0000_0163L, guest.load64(FOURTH));
    assertEquals(0x0000_0000_0000_1121L, guest.load64(FOURTH + 8));
    assertEquals(0x8000_0000_0000_01E3L, guest.load64(THIRD + 8));
  }

  /** Dirty and read-only would be a shadow stack. */
  @Test
  void whatAProcessorHasSetStaysButForDirtyInAReadOnlyPage() {
    PageTables tables = guest.builder(PagingMode.FOUR_LEVEL).build();
    Guest.map(tables, 0, 0x7000, PAGE, DATA);
    guest.store64(FOURTH, guest.load64(FOURTH) | EntryBits.A | EntryBits.D);
    Guest.protect(tables, 0, PAGE, ALL);
    assertEquals(0x0000_0000_0000_7063L, guest.load64(FOURTH));
    Guest.protect(tables, 0, PAGE, READ_ONLY);
    assertEquals(0x8000_0000_0000_7021L, guest.load64(FOURTH));
  }

  @Test
  void withoutExecuteDisableBit63IsNeverSet() {
    PageTables tables = guest.builder(PagingMode.FOUR_LEVEL).withoutExecuteDisable().build();
    Guest.map(tables, 0, 0x7000, PAGE, DATA);
    assertEquals(0x7003L, guest.load64(FOURTH));
    Guest.protect(tables, 0, PAGE, READ_ONLY);
    assertEquals(0x7001L, guest.load64(FOURTH));
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

import static io.efirts.api.memory.MappingAttributes.CODE;
import static io.efirts.api.memory.MappingAttributes.DATA;
import static io.efirts.api.memory.MappingAttributes.READ_ONLY;
import static io.efirts.arm64.paging.Guest.GIB;
import static io.efirts.arm64.paging.Guest.KIB;
import static io.efirts.arm64.paging.Guest.MIB;
import static io.efirts.arm64.paging.Guest.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.memory.CacheType;
import io.efirts.api.memory.MappingAttributes;
import org.junit.jupiter.api.Test;

/**
 * The bytes of tables, each bit as the manual has it: valid 0, table or page 1, AttrIndx 4:2, AP
 * 7:6, SH 9:8, AF 10, nG 11, GP 50, PXN 53, UXN 54.
 */
class GoldenEntriesTest {
  private static final MappingAttributes ALL =
      new MappingAttributes(true, true, CacheType.WRITE_BACK);

  private final Guest guest = new Guest(Granule.FOUR_KIB, 32);

  @Test
  void fourKibDownToAPage() {
    PageTables tables = guest.builder().build();
    // L0 index 511, then 447, 511, 511.
    Guest.map(tables, 0xFFEF_FFFF_F000L, 0x1234_5000, PAGE, DATA);
    assertEquals(guest.frame(0), tables.root());
    assertEquals(0x0000_0000_0010_1003L, guest.load(guest.frame(0) + 511 * 8));
    assertEquals(0x0000_0000_0010_2003L, guest.load(guest.frame(1) + 447 * 8));
    assertEquals(0x0000_0000_0010_3003L, guest.load(guest.frame(2) + 511 * 8));
    // UXN, PXN; nG, AF, SH 11, AP 00, AttrIndx 3, page.
    assertEquals(0x0060_0000_1234_5F0FL, guest.load(guest.frame(3) + 511 * 8));
  }

  @Test
  void everythingElseInATableIsZero() {
    PageTables tables = guest.builder().build();
    Guest.map(tables, 0x20_3000, 0x1234_5000, 2 * PAGE, CODE);
    for (int i = 0; i < 512; i++) {
      assertEquals(i == 0 ? 0x10_1003L : 0, guest.load(guest.frame(0) + i * 8));
      assertEquals(i == 0 ? 0x10_2003L : 0, guest.load(guest.frame(1) + i * 8));
      assertEquals(i == 1 ? 0x10_3003L : 0, guest.load(guest.frame(2) + i * 8));
      long page = i == 3 ? 0x0040_0000_1234_5F8FL : i == 4 ? 0x0040_0000_1234_6F8FL : 0;
      assertEquals(page, guest.load(guest.frame(3) + i * 8));
    }
  }

  @Test
  void permissions() {
    PageTables tables = guest.builder().build();
    MappingAttributes[] all = {DATA, READ_ONLY, CODE, ALL};
    long[] expected = {
      0x0060_0000_0000_0F0FL, 0x0060_0000_0000_0F8FL, 0x0040_0000_0000_0F8FL, 0x0040_0000_0000_0F0FL
    };
    for (int i = 0; i < 4; i++) {
      Guest.map(tables, i * PAGE, 0x8000_0000L, PAGE, all[i]);
      assertEquals(0x8000_0000L | expected[i], guest.load(guest.frame(3) + i * 8));
    }
    for (int from = 0; from < 4; from++) {
      for (int to = 0; to < 4; to++) {
        Guest.protect(tables, from * PAGE, PAGE, all[to]);
        assertEquals(0x8000_0000L | expected[to], guest.load(guest.frame(3) + from * 8));
      }
    }
  }

  @Test
  void sixteenKibDownToAPage() {
    Guest middle = new Guest(Granule.SIXTEEN_KIB, 8);
    long first = middle.frame(0);
    assertEquals(0x10_0000, first);
    PageTables tables = middle.builder().build();
    // L0 index 1, then 2, 3, 4; the last address of 48 bits.
    long address = 1L << 47 | 2L << 36 | 3L << 25 | 4L << 14;
    Guest.map(tables, address, 0xFFFF_FFFF_C000L, 16 * KIB, DATA);
    assertEquals(0x10_4003L, middle.load(middle.frame(0) + 8));
    assertEquals(0x10_8003L, middle.load(middle.frame(1) + 2 * 8));
    assertEquals(0x10_C003L, middle.load(middle.frame(2) + 3 * 8));
    assertEquals(0x0060_FFFF_FFFF_CF0FL, middle.load(middle.frame(3) + 4 * 8));
    Guest.map(tables, 0, 32 * MIB, 32 * MIB, CODE);
    // L0 0, L1 0; a block at level 2: bit 1 clear.
    assertEquals(0x0040_0000_0200_0F8DL, middle.load(middle.frame(5)));
  }

  @Test
  void sixtyFourKibDownToAPage() {
    Guest large = new Guest(Granule.SIXTY_FOUR_KIB, 6);
    PageTables tables = large.builder().build();
    // L1 index 63, L2 8191, L3 8191: the last page.
    Guest.map(tables, 0xFFFF_FFFF_0000L, 0xFFFF_FFFF_0000L, 64 * KIB, READ_ONLY);
    assertEquals(0x11_0003L, large.load(large.frame(0) + 63 * 8));
    assertEquals(0x12_0003L, large.load(large.frame(1) + 8191 * 8));
    assertEquals(0x0060_FFFF_FFFF_0F8FL, large.load(large.frame(2) + 8191 * 8));
    Guest.map(tables, 512 * MIB, GIB, 512 * MIB, DATA);
    assertEquals(0x13_0003L, large.load(large.frame(0)));
    assertEquals(0x0060_0000_4000_0F0DL, large.load(large.frame(3) + 8));
  }

  /** The root has only as many entries as there are addresses. */
  @Test
  void smallAddressSpacesStartAtALowerTable() {
    PageTables tables = guest.builder(36).build();
    Guest.map(tables, (1L << 36) - 4 * KIB, 0x5000, PAGE, DATA);
    assertEquals(0x10_1003L, guest.load(guest.frame(0) + 63 * 8));
    assertEquals(0x10_2003L, guest.load(guest.frame(1) + 511 * 8));
    assertEquals(0x0060_0000_0000_5F0FL, guest.load(guest.frame(2) + 511 * 8));
    Guest middle = new Guest(Granule.SIXTEEN_KIB, 8);
    Guest.map(middle.builder(36).build(), 32 * MIB, 64 * MIB, 32 * MIB, DATA);
    assertEquals(0x0060_0000_0400_0F0DL, middle.load(middle.frame(0) + 8));
  }

  @Test
  void blocksHaveBit1Clear() {
    PageTables tables = guest.builder().build();
    Guest.map(tables, 3 * GIB, 5 * GIB, GIB, CODE);
    assertEquals(0x0040_0001_4000_0F8DL, guest.load(guest.frame(1) + 3 * 8));
    Guest.map(tables, 4 * GIB + 2 * MIB, 6 * MIB, 2 * MIB, DATA);
    assertEquals(0x0060_0000_0060_0F0DL, guest.load(guest.frame(2) + 8));
    Guest.map(tables, 4 * GIB + 4 * MIB, 8 * MIB, 2 * MIB, ALL);
    assertEquals(0x0040_0000_0080_0F0DL, guest.load(guest.frame(2) + 2 * 8));
  }

  @Test
  void memoryTypes() {
    PageTables tables = guest.builder().build();
    CacheType[] types = {
      CacheType.UNCACHED, CacheType.WRITE_COMBINING, CacheType.WRITE_THROUGH, CacheType.WRITE_BACK
    };
    for (int i = 0; i < 4; i++) {
      MappingAttributes attributes = new MappingAttributes(true, false, types[i]);
      Guest.map(tables, i * PAGE, 0x40_0000, PAGE, attributes);
      assertEquals(0x0060_0000_0040_0F03L | i << 2, guest.load(guest.frame(3) + i * 8));
      Guest.map(tables, GIB + i * GIB, 2 * GIB, GIB, attributes);
      assertEquals(0x0060_0000_8000_0F01L | i << 2, guest.load(guest.frame(1) + 8 + i * 8));
    }
  }

  @Test
  void deviceRegistersAsLinuxMapsThem() {
    PageTables tables = guest.builder().mairTypes(MairTypes.EARLY_ACKNOWLEDGE).build();
    Guest.map(tables, 0, 0x901_0000, PAGE, new MappingAttributes(true, false, CacheType.UNCACHED));
    assertEquals(0x0060_0000_0901_0F13L, guest.load(guest.frame(3)));
  }

  @Test
  void splittingAndJoiningMoveBit1Only() {
    PageTables tables = guest.builder().build();
    MappingAttributes combining = new MappingAttributes(true, false, CacheType.WRITE_COMBINING);
    Guest.map(tables, 0, 4 * GIB, GIB, combining);
    assertEquals(0x0060_0001_0000_0F05L, guest.load(guest.frame(1)));
    Guest.protect(tables, 0x20_1000, PAGE, READ_ONLY);
    assertEquals(0x0000_0000_0010_2003L, guest.load(guest.frame(1)));
    assertEquals(0x0060_0001_0000_0F05L, guest.load(guest.frame(2)));
    assertEquals(0x0000_0000_0010_3003L, guest.load(guest.frame(2) + 8));
    assertEquals(0x0060_0001_3FE0_0F05L, guest.load(guest.frame(2) + 511 * 8));
    assertEquals(0x0060_0001_0020_0F07L, guest.load(guest.frame(3)));
    assertEquals(0x0060_0001_0020_1F8FL, guest.load(guest.frame(3) + 8));
    assertEquals(0x0060_0001_003F_FF07L, guest.load(guest.frame(3) + 511 * 8));
    Guest.protect(tables, 0x20_1000, PAGE, combining);
    Guest.join(tables, 0, GIB);
    assertEquals(0x0060_0001_0000_0F05L, guest.load(guest.frame(1)));
  }

  @Test
  void globalPagesHaveNoNg() {
    PageTables tables = guest.builder().global().build();
    Guest.map(tables, 0, 0x7000, PAGE, DATA);
    assertEquals(0x0060_0000_0000_770FL, guest.load(guest.frame(3)));
  }

  /** GP is bit 50, of pages and of blocks, where instructions can be fetched. */
  @Test
  void guardedPages() {
    PageTables tables = guest.builder().guarded().build();
    Guest.map(tables, 0, 0x7000, PAGE, CODE);
    Guest.map(tables, PAGE, 0x8000, PAGE, DATA);
    Guest.map(tables, 2 * MIB, 2 * MIB, 2 * MIB, ALL);
    assertEquals(0x0044_0000_0000_7F8FL, guest.load(guest.frame(3)));
    assertEquals(0x0060_0000_0000_8F0FL, guest.load(guest.frame(3) + 8));
    assertEquals(0x0044_0000_0020_0F0DL, guest.load(guest.frame(2) + 8));
    Guest.protect(tables, 0, PAGE, DATA);
    assertEquals(0x0060_0000_0000_7F0FL, guest.load(guest.frame(3)));
    Guest.protect(tables, PAGE, PAGE, CODE);
    assertEquals(0x0044_0000_0000_8F8FL, guest.load(guest.frame(3) + 8));
  }

  /** TTBR0_EL1: ASID in bits 63:48. */
  @Test
  void theRootCarriesTheAsid() {
    assertEquals(0xFFFF_0000_0010_0000L, guest.builder().asid(0xFFFF).build().root());
    assertEquals(0x0001_0000_0010_1000L, guest.builder().asid(1).build().root());
  }

  /** AP[1], software's bits and the contiguous hint of somebody else; DBM with a store allowed. */
  @Test
  void whatAttributesSayNothingAboutStays() {
    PageTables tables = guest.builder().build();
    Guest.map(tables, 0, 0x7000, PAGE, DATA);
    long other = EntryBits.AP_EL0 | 0xFL << 55 | EntryBits.CONTIGUOUS | EntryBits.GP;
    guest.store(guest.frame(3), guest.load(guest.frame(3)) | other | EntryBits.DBM);
    Guest.protect(tables, 0, PAGE, ALL);
    assertEquals(0x07DC_0000_0000_7F4FL, guest.load(guest.frame(3)));
    Guest.protect(tables, 0, PAGE, READ_ONLY);
    assertEquals(0x07F4_0000_0000_7FCFL, guest.load(guest.frame(3)));
  }
}

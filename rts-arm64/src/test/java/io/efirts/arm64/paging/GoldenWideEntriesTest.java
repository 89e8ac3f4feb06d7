// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

import static io.efirts.api.memory.MappingAttributes.CODE;
import static io.efirts.api.memory.MappingAttributes.DATA;
import static io.efirts.api.memory.MappingAttributes.READ_ONLY;
import static io.efirts.arm64.paging.Guest.GIB;
import static io.efirts.arm64.paging.Guest.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.memory.Access;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.paging.PageSize;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The bytes of tables whose addresses have 52 bits (Arm ARM, section D8.3.1, tables D8-50 and
 * D8-52). Granules of 4 and 16 KiB with TCR_EL1.DS: address bits 49:12 in place, 51:50 in bits 9:8,
 * no SH. Granule of 64 KiB with FEAT_LPA: address bits 47:16 in place, 51:48 in bits 15:12, SH in
 * bits 9:8. Attributes are those of GoldenEntriesTest.
 */
class GoldenWideEntriesTest {
  private static final long TIB = 1L << 40;
  private static final long LAST = 1L << 52;

  private final Guest guest = new Guest(Granule.FOUR_KIB, 32);

  @Test
  void fourKibDownToAPage() {
    PageTables tables = guest.builder(52).build();
    // L-1 index 15, then 510, 447, 511, 511: bits 51:48, 47:39, 38:30, 29:21, 20:12.
    Guest.map(tables, 0xF_FF6F_FFFF_F000L, 0xA_1234_5678_9000L, PAGE, DATA);
    assertEquals(0x0000_0000_0010_1003L, guest.load(guest.frame(0) + 15 * 8));
    assertEquals(0x0000_0000_0010_2003L, guest.load(guest.frame(1) + 510 * 8));
    assertEquals(0x0000_0000_0010_3003L, guest.load(guest.frame(2) + 447 * 8));
    assertEquals(0x0000_0000_0010_4003L, guest.load(guest.frame(3) + 511 * 8));
    // Address 51:48 is 1010: 10 in bits 49:48, 10 in bits 9:8; UXN, PXN; nG, AF, AttrIndx 3, page.
    assertEquals(0x0062_1234_5678_9E0FL, guest.load(guest.frame(4) + 511 * 8));
  }

  /** Where shareability was, bits 9:8 are clear for addresses below 2^50. */
  @Test
  void withoutHighBitsThereIsNoShareabilityEither() {
    PageTables tables = guest.builder(52).build();
    Guest.map(tables, 0, 0x1234_5000, PAGE, CODE);
    Guest.map(tables, PAGE, 0x3_FFFF_FFFF_F000L, PAGE, READ_ONLY);
    Guest.map(tables, 2 * PAGE, LAST - PAGE, PAGE, DATA);
    assertEquals(0x0040_0000_1234_5C8FL, guest.load(guest.frame(4)));
    assertEquals(0x0063_FFFF_FFFF_FC8FL, guest.load(guest.frame(4) + 8));
    assertEquals(0x0063_FFFF_FFFF_FF0FL, guest.load(guest.frame(4) + 16));
  }

  /** Entries of virtual addresses of 48 bits have the same form if DS is set. */
  @Test
  void fourKibWithFourLevels() {
    PageTables tables = guest.builder(new PagingMode(Granule.FOUR_KIB, 48, 52)).build();
    Guest.map(tables, 0, 0x4_0000_0000_0000L, PAGE, DATA);
    assertEquals(0x0060_0000_0000_0D0FL, guest.load(guest.frame(3)));
  }

  @Test
  void fourKibBlocks() {
    PageTables tables = guest.builder(52).build();
    long top = 0xF_FF80_0000_0000L;
    Guest.map(tables, top, top, 512 * GIB, DATA);
    Guest.map(tables, 0, 0xC_0000_0000_0000L + GIB, GIB, DATA);
    // L0 511 of the last table: bit 1 clear, address 51:50 in bits 9:8.
    assertEquals(0x0063_FF80_0000_0F0DL, guest.load(guest.frame(1) + 511 * 8));
    assertEquals(0x0060_0000_4000_0F0DL, guest.load(guest.frame(3)));
    assertEquals(LAST - 1, tables.translate(LAST - 1, Access.WRITE));
  }

  @Test
  void sixteenKibDownToAPage() {
    Guest middle = new Guest(Granule.SIXTEEN_KIB, 8);
    PageTables tables = middle.builder(52).build();
    // L0 index 31, then 2, 3, 4: bits 51:47, 46:36, 35:25, 24:14.
    long address = 31L << 47 | 2L << 36 | 3L << 25 | 4L << 14;
    Guest.map(tables, address, 0x7_FFFF_FFFF_C000L, 16 << 10, DATA);
    assertEquals(0x10_4003L, middle.load(middle.frame(0) + 31 * 8));
    assertEquals(0x10_8003L, middle.load(middle.frame(1) + 2 * 8));
    assertEquals(0x10_C003L, middle.load(middle.frame(2) + 3 * 8));
    assertEquals(0x0063_FFFF_FFFF_CD0FL, middle.load(middle.frame(3) + 4 * 8));
    Guest.map(tables, 5L << 36, 0x8_0030_0000_0000L, 64 * GIB, CODE);
    // L0 0; L1 5, a block of 64 GiB.
    assertEquals(0x11_0003L, middle.load(middle.frame(0)));
    assertEquals(0x0040_0030_0000_0E8DL, middle.load(middle.frame(4) + 5 * 8));
  }

  @Test
  void sixtyFourKibDownToAPage() {
    Guest large = new Guest(Granule.SIXTY_FOUR_KIB, 6);
    PageTables tables = large.builder(52).build();
    // L1 index 1023, L2 8191, L3 8191: the last page, at the last address.
    Guest.map(tables, LAST - 0x1_0000, LAST - 0x1_0000, 0x1_0000, READ_ONLY);
    assertEquals(0x11_0003L, large.load(large.frame(0) + 1023 * 8));
    assertEquals(0x12_0003L, large.load(large.frame(1) + 8191 * 8));
    assertEquals(0x0060_FFFF_FFFF_FF8FL, large.load(large.frame(2) + 8191 * 8));
    Guest.map(tables, 1020 * 4 * TIB, 0x5_4C00_0000_0000L, 4 * TIB, DATA);
    assertEquals(0x0060_4C00_0000_5F0DL, large.load(large.frame(0) + 1020 * 8));
  }

  /** FEAT_LVA without FEAT_LPA: more entries at level 1, no other form of them. */
  @Test
  void sixtyFourKibWithAddressesOf48BitsInEntries() {
    Guest large = new Guest(Granule.SIXTY_FOUR_KIB, 6);
    PageTables tables = large.builder(new PagingMode(Granule.SIXTY_FOUR_KIB, 52, 48)).build();
    Guest.map(tables, 1020 * 4 * TIB, 0, 4 * TIB, DATA);
    assertEquals(0x11_0003L, large.load(large.frame(0) + 1020 * 8));
    assertEquals(0x0060_0000_0000_0F0DL, large.load(large.frame(1)));
  }

  /** In one table, from the last page below 2^48 or 2^50 to the first one above. */
  @ParameterizedTest
  @CsvSource({
    "FOUR_KIB, 0x4000000000000, 0x0063fffffffffc0f, 0x0060000000000d0f",
    "FOUR_KIB, 0x1000000000000, 0x0060fffffffffc0f, 0x0061000000000c0f",
    "SIXTEEN_KIB, 0x8000000000000, 0x0063ffffffffcd0f, 0x0060000000000e0f",
    "SIXTY_FOUR_KIB, 0x1000000000000, 0x0060ffffffff0f0f, 0x0060000000001f0f",
    "SIXTY_FOUR_KIB, 0xa000000000000, 0x0060ffffffff9f0f, 0x006000000000af0f"
  })
  void aRunOfPagesGoesOnWhereAddressBitsChangeTheirPlace(
      Granule granule, String bound, String below, String above) {
    Guest own = new Guest(granule, 8);
    long page = granule.bytes();
    PageTables tables = own.builder(52).build();
    long physical = Long.decode(bound) - 3 * page;
    Guest.map(tables, 5 * page, physical, 6 * page, DATA);
    long last = own.frame(own.framesInUse() - 1);
    assertEquals(Long.decode(below), own.load(last + 7 * 8));
    assertEquals(Long.decode(above), own.load(last + 8 * 8));
    assertEquals(Long.decode(above) + 2 * page, own.load(last + 10 * 8));
    assertEquals(1, tables.mappings().size());
    assertEquals(11 * page - 1, tables.mappings().getFirst().last().value());
  }

  @Test
  void splittingAndJoiningTheLargestBlocks() {
    PageTables tables = guest.builder(52).build();
    long high = 0xE_8000_0000_0000L;
    Guest.map(tables, 0, high, 512 * GIB, DATA);
    Guest.protect(tables, 511 * GIB + 511 * (PAGE << 9) + PAGE, PAGE, READ_ONLY);
    assertEquals(0x10_2003L, guest.load(guest.frame(1)));
    assertEquals(0x0062_8000_0000_0F0DL, guest.load(guest.frame(2)));
    assertEquals(0x10_3003L, guest.load(guest.frame(2) + 511 * 8));
    assertEquals(0x10_4003L, guest.load(guest.frame(3) + 511 * 8));
    assertEquals(0x0062_807F_FFE0_1F8FL, guest.load(guest.frame(4) + 8));
    Guest.protect(tables, 511 * GIB + 511 * (PAGE << 9) + PAGE, PAGE, DATA);
    Guest.join(tables, 0, 512 * GIB);
    assertEquals(0x0062_8000_0000_0F0DL, guest.load(guest.frame(1)));
    assertEquals(PageSize.FIVE_HUNDRED_TWELVE_GIB, tables.mappings().getFirst().pageSize());
  }

  /** TTBR0_EL1: address bits 51:48 in bits 5:2. Tables lie beyond 2^48 too. */
  @ParameterizedTest
  @CsvSource({
    "FOUR_KIB, 0x000500000010001C, 0x0003000000101103",
    "SIXTEEN_KIB, 0x000500000010001C, 0x0003000000104103",
    "SIXTY_FOUR_KIB, 0x000500000010001C, 0x0000000000117003"
  })
  void tablesBeyond48Bits(Granule granule, String root, String entry) {
    long base = 0x7_0000_0010_0000L;
    Guest high =
        new Guest(granule, Arena.ofAuto().allocate(8L * granule.bytes(), granule.bytes()), base);
    PageTables tables = high.builder(52).asid(5).build();
    Guest.map(tables, 0, LAST - granule.bytes(), granule.bytes(), DATA);
    assertEquals(Long.decode(root), tables.root());
    assertEquals(Long.decode(entry), high.load(base));
    assertEquals(
        Long.decode(entry), tables.entry(tables.mode().rootLevel(), new VirtualAddress(0)));
    assertEquals(LAST - 1, tables.translate(granule.bytes() - 1, Access.WRITE));
    assertEquals(
        LAST - 1,
        new ManualWalk(high).walk(tables.mode(), tables.root(), granule.bytes() - 1).physical());
    Guest.unmap(tables, 0, granule.bytes());
    assertEquals(1, high.framesInUse());
  }
}

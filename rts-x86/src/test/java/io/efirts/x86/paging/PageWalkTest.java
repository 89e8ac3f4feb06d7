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

import io.efirts.api.memory.Access;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.Translation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What translating says about every way an access can fail, in the processor's own codes. */
class PageWalkTest {
  private static final long ROOT = Guest.BASE;
  private static final long SECOND = ROOT + 0x1000;
  private static final long THIRD = ROOT + 0x2000;
  private static final long FOURTH = ROOT + 0x3000;

  private final Guest guest = new Guest(32);

  @ParameterizedTest
  @EnumSource(names = "LEGACY_32", mode = EnumSource.Mode.EXCLUDE)
  void errorCodes(PagingMode mode) {
    PageTables tables = guest.builder(mode).build();
    Guest.map(tables, 0x1000, 0x1000, PAGE, READ_ONLY);
    assertFault(FaultKind.NOT_MAPPED, 0x0, tables, 0x2000, Access.READ);
    assertFault(FaultKind.NOT_MAPPED, 0x2, tables, 0x2000, Access.WRITE);
    assertFault(FaultKind.NOT_MAPPED, 0x10, tables, 0x2000, Access.EXECUTE);
    assertFault(FaultKind.NOT_MAPPED, 0x2, tables, GIB, Access.WRITE);
    assertFault(FaultKind.PROTECTION, 0x3, tables, 0x1000, Access.WRITE);
    assertFault(FaultKind.PROTECTION, 0x11, tables, 0x1FFF, Access.EXECUTE);
    assertEquals(0x1FFF, tables.translate(0x1FFF, Access.READ));
  }

  /** A fetch is told from a load only where execution can be forbidden. */
  @Test
  void errorCodesWithoutExecuteDisable() {
    for (PageTables tables :
        new PageTables[] {
          guest.builder(PagingMode.LEGACY_32).build(),
          guest.builder(PagingMode.PAE).withoutExecuteDisable().build(),
        }) {
      Guest.map(tables, 0x1000, 0x1000, PAGE, READ_ONLY);
      assertFault(FaultKind.NOT_MAPPED, 0x0, tables, 0x2000, Access.EXECUTE);
      assertFault(FaultKind.PROTECTION, 0x3, tables, 0x1000, Access.WRITE);
      assertEquals(0x1000, tables.translate(0x1000, Access.EXECUTE));
    }
  }

  @Test
  void permissionsOfAllLevelsCount() {
    PageTables tables = guest.builder(PagingMode.FOUR_LEVEL).build();
    Guest.map(tables, 0, 0, PAGE, DATA);
    Guest.map(tables, PAGE, PAGE, PAGE, CODE);
    for (long table : new long[] {ROOT, SECOND, THIRD, FOURTH}) {
      long entry = guest.load64(table);
      guest.store64(table, entry & ~EntryBits.RW);
      assertFault(FaultKind.PROTECTION, 0x3, tables, 0, Access.WRITE);
      guest.store64(table, entry);
      assertEquals(0, tables.translate(0, Access.WRITE));
    }
    for (long place : new long[] {ROOT, SECOND, THIRD, FOURTH + 8}) {
      long entry = guest.load64(place);
      guest.store64(place, entry | EntryBits.NX);
      assertFault(FaultKind.PROTECTION, 0x11, tables, PAGE, Access.EXECUTE);
      guest.store64(place, entry);
      assertEquals(PAGE, tables.translate(PAGE, Access.EXECUTE));
    }
  }

  @Test
  void aUsersPageIsTheSupervisorsToo() {
    PageTables tables = guest.builder(PagingMode.FOUR_LEVEL).build();
    Guest.map(tables, 0, 0, PAGE, READ_ONLY);
    guest.store64(FOURTH, guest.load64(FOURTH) | EntryBits.US);
    assertEquals(0, tables.translate(0, Access.READ));
    assertFault(FaultKind.PROTECTION, 0x3, tables, 0, Access.WRITE);
  }

  @Test
  void reservedBitsOfFourLevelEntries() {
    PageTables tables = guest.builder(PagingMode.FOUR_LEVEL).physicalBits(40).build();
    Guest.map(tables, 0, 0, PAGE, DATA);
    for (long place : new long[] {ROOT, SECOND, THIRD, FOURTH}) {
      for (int bit = 40; bit < 52; bit++) {
        assertReserved(tables, place, bit);
      }
      // Left to software, or to protection keys.
      for (int bit = 52; bit < 63; bit++) {
        assertIgnored(tables, place, bit);
      }
      for (int bit = 9; bit < 12; bit++) {
        assertIgnored(tables, place, bit);
      }
    }
    assertReserved(tables, ROOT, 7);
  }

  @Test
  void reservedBitsOfLargePages() {
    PageTables tables = guest.builder(PagingMode.FOUR_LEVEL).build();
    Guest.map(tables, 0, 0, GIB, DATA);
    for (int bit = 13; bit < 30; bit++) {
      assertReserved(tables, SECOND, bit);
    }
    assertIgnored(tables, SECOND, 12);
    Guest.unmap(tables, 0, GIB);
    Guest.map(tables, 0, 0, 2 * MIB, DATA);
    for (int bit = 13; bit < 21; bit++) {
      assertReserved(tables, THIRD, bit);
    }
    assertIgnored(tables, THIRD, 12);
  }

  @Test
  void reservedBitsOfFiveLevelEntries() {
    PageTables tables = guest.builder(PagingMode.FIVE_LEVEL).physicalBits(46).build();
    Guest.map(tables, 0, 0, PAGE, DATA);
    assertReserved(tables, ROOT, 7);
    assertReserved(tables, SECOND, 7);
    assertReserved(tables, ROOT, 46);
    assertIgnored(tables, ROOT, 62);
  }

  @Test
  void reservedBitsOfPaeEntries() {
    PageTables tables = guest.builder(PagingMode.PAE).physicalBits(36).build();
    Guest.map(tables, 0, 0, PAGE, DATA);
    for (int bit : new int[] {1, 2, 5, 6, 7, 8, 36, 51, 52, 62, 63}) {
      assertReserved(tables, ROOT, bit);
    }
    for (int bit : new int[] {3, 4, 9, 10, 11}) {
      assertIgnored(tables, ROOT, bit);
    }
    for (long place : new long[] {SECOND, THIRD}) {
      for (int bit = 36; bit < 63; bit++) {
        assertReserved(tables, place, bit);
      }
    }
  }

  @Test
  void reservedBitsOfLegacyEntries() {
    PageTables tables = guest.builder(PagingMode.LEGACY_32).build();
    Guest.map(tables, 0, 0, 4 * MIB, DATA);
    long entry = guest.load32(ROOT);
    for (int bit = 13; bit < 22; bit++) {
      guest.store32(ROOT, (int) (entry | 1L << bit));
      assertFault(FaultKind.PROTECTION, 0x9, tables, 0, Access.READ);
    }
    guest.store32(ROOT, (int) (entry | 1L << 12));
    assertEquals(0, tables.translate(0, Access.READ));
  }

  @Test
  void bit63IsReservedWithoutExecuteDisable() {
    PageTables tables = guest.builder(PagingMode.FOUR_LEVEL).withoutExecuteDisable().build();
    Guest.map(tables, 0, 0, PAGE, CODE);
    guest.store64(FOURTH, guest.load64(FOURTH) | EntryBits.NX);
    assertFault(FaultKind.PROTECTION, 0x9, tables, 0, Access.READ);
    assertFault(FaultKind.PROTECTION, 0x9, tables, 0, Access.EXECUTE);
    assertFault(FaultKind.PROTECTION, 0xB, tables, 0, Access.WRITE);
  }

  @Test
  void anEntryThatIsNotPresentMeansNothingElse() {
    PageTables tables = guest.builder(PagingMode.FOUR_LEVEL).build();
    guest.store64(ROOT, -2L);
    assertFault(FaultKind.NOT_MAPPED, 0x0, tables, 0, Access.READ);
    Guest.map(tables, 0, 0, PAGE, DATA);
    assertEquals(0, tables.translate(0, Access.READ));
  }

  @Test
  void addressesOutsideTheModeAreNotCanonical() {
    assertCanonicalUpTo(PagingMode.FOUR_LEVEL, 0x0000_7FFF_FFFF_FFFFL, 0xFFFF_8000_0000_0000L);
    assertCanonicalUpTo(PagingMode.FIVE_LEVEL, 0x00FF_FFFF_FFFF_FFFFL, 0xFF00_0000_0000_0000L);
    for (PagingMode mode : new PagingMode[] {PagingMode.PAE, PagingMode.LEGACY_32}) {
      PageTables tables = guest.builder(mode).build();
      assertFault(FaultKind.NOT_MAPPED, 0, tables, 0xFFFF_FFFFL, Access.READ);
      assertFault(FaultKind.NON_CANONICAL, 0, tables, 0x1_0000_0000L, Access.READ);
      assertFault(FaultKind.NON_CANONICAL, 0, tables, -1, Access.READ);
    }
  }

  @Test
  void aTableOutsideGuestMemoryIsNoMemory() {
    PageTables tables = guest.builder(PagingMode.FOUR_LEVEL).build();
    Guest.map(tables, 0, 0, PAGE, DATA);
    guest.store64(SECOND, 0x7000_0003L);
    assertFault(FaultKind.NO_MEMORY, 0, tables, 0, Access.READ);
    guest.store64(SECOND, 0x0003L);
    assertFault(FaultKind.NO_MEMORY, 0, tables, 0, Access.WRITE);
  }

  private void assertCanonicalUpTo(PagingMode mode, long lowEnd, long highStart) {
    PageTables tables = guest.builder(mode).build();
    assertFault(FaultKind.NOT_MAPPED, 0, tables, lowEnd, Access.READ);
    assertFault(FaultKind.NON_CANONICAL, 0, tables, lowEnd + 1, Access.READ);
    assertFault(FaultKind.NON_CANONICAL, 0, tables, highStart - 1, Access.WRITE);
    assertFault(FaultKind.NOT_MAPPED, 0, tables, highStart, Access.READ);
    assertFault(FaultKind.NOT_MAPPED, 0x10, tables, -1, Access.EXECUTE);
  }

  private void assertReserved(PageTables tables, long place, int bit) {
    long entry = guest.load64(place);
    guest.store64(place, entry | 1L << bit);
    assertFault(FaultKind.PROTECTION, 0x9, tables, 0, Access.READ);
    assertFault(FaultKind.PROTECTION, 0xB, tables, 0, Access.WRITE);
    assertFault(FaultKind.PROTECTION, 0x19, tables, 0, Access.EXECUTE);
    guest.store64(place, entry);
    assertEquals(0, tables.translate(0, Access.READ));
  }

  private void assertIgnored(PageTables tables, long place, int bit) {
    long entry = guest.load64(place);
    guest.store64(place, entry | 1L << bit);
    assertEquals(0x123, tables.translate(0x123, Access.WRITE));
    guest.store64(place, entry);
  }

  private static void assertFault(
      FaultKind kind, int errorCode, PageTables tables, long address, Access access) {
    long translation = tables.translate(address, access);
    assertEquals(kind, Translation.faultKind(translation));
    assertEquals(errorCode, Translation.faultDetail(translation));
  }
}

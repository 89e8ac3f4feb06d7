// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

import static io.efirts.api.memory.MappingAttributes.CODE;
import static io.efirts.api.memory.MappingAttributes.DATA;
import static io.efirts.api.memory.MappingAttributes.READ_ONLY;
import static io.efirts.arm64.paging.Guest.GIB;
import static io.efirts.arm64.paging.Guest.MIB;
import static io.efirts.arm64.paging.Guest.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.memory.Access;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.Translation;
import io.efirts.api.paging.FrameBitmap;
import io.efirts.api.paging.PageSize;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What translating says about every way an access can fail, in the processor's own words. */
class PageWalkTest {
  private final Guest guest = new Guest(Granule.FOUR_KIB, 32);

  /** Those that real firmware caused on a processor with pages of 4 KiB. */
  @Test
  void syndromesSeenOnAProcessor() {
    PageTables tables = guest.builder(44).build();
    Guest.map(tables, 0x1000, 0x1000, PAGE, READ_ONLY);
    assertFault(FaultKind.NOT_MAPPED, 0x9600_0007, tables, 0x2000, Access.READ);
    assertFault(FaultKind.NOT_MAPPED, 0x9600_0045, tables, GIB, Access.WRITE);
    assertFault(FaultKind.NOT_MAPPED, 0x8600_0005, tables, GIB, Access.EXECUTE);
    assertFault(FaultKind.NOT_MAPPED, 0x8600_0006, tables, 2 * MIB, Access.EXECUTE);
    assertFault(FaultKind.NOT_MAPPED, 0x8600_0007, tables, 0x2000, Access.EXECUTE);
    assertFault(FaultKind.PROTECTION, 0x9600_004F, tables, 0x1FF8, Access.WRITE);
    assertFault(FaultKind.PROTECTION, 0x8600_000F, tables, 0x1FFC, Access.EXECUTE);
    assertEquals(0x1FFF, tables.translate(0x1FFF, Access.READ));
  }

  @ParameterizedTest
  @EnumSource
  void faultsNameTheLevelOfEachGranule(Granule granule) {
    Guest own = new Guest(granule, 8);
    PageTables tables = own.builder().build();
    int rootLevel = tables.mode().rootLevel();
    assertFault(FaultKind.NOT_MAPPED, 0x9600_0004 | rootLevel, tables, 0, Access.READ);
    Guest.map(tables, 0, 0, granule.bytes(), READ_ONLY);
    for (int level = rootLevel; level <= 3; level++) {
      long next = tables.mode().span(level);
      assertFault(FaultKind.NOT_MAPPED, 0x9600_0044 | level, tables, next, Access.WRITE);
      assertFault(FaultKind.NOT_MAPPED, 0x8600_0004 | level, tables, next, Access.EXECUTE);
    }
    assertFault(FaultKind.PROTECTION, 0x9600_004F, tables, 0, Access.WRITE);
    int block = tables.mode().largestPageLevel();
    long size = tables.mode().span(block);
    Guest.map(tables, size, size, size, READ_ONLY);
    assertFault(FaultKind.PROTECTION, 0x9600_004C | block, tables, size, Access.WRITE);
    assertFault(FaultKind.PROTECTION, 0x8600_000C | block, tables, size, Access.EXECUTE);
    assertEquals(2 * size - 1, tables.translate(2 * size - 1, Access.READ));
  }

  @Test
  void tablesCanForbidStores() {
    PageTables tables = guest.builder().build();
    Guest.map(tables, 0, 0, PAGE, DATA);
    for (int table = 0; table < 3; table++) {
      long entry = guest.load(guest.frame(table));
      guest.store(guest.frame(table), entry | EntryBits.AP_TABLE_READ_ONLY);
      assertFault(FaultKind.PROTECTION, 0x9600_004F, tables, 0, Access.WRITE);
      assertEquals(0, tables.translate(0, Access.READ));
      guest.store(guest.frame(table), entry);
      assertEquals(0, tables.translate(0, Access.WRITE));
    }
  }

  @Test
  void tablesCanForbidExecution() {
    PageTables tables = guest.builder().build();
    Guest.map(tables, 0, 0, PAGE, CODE);
    for (int table = 0; table < 3; table++) {
      long entry = guest.load(guest.frame(table));
      guest.store(guest.frame(table), entry | EntryBits.PXN_TABLE);
      assertFault(FaultKind.PROTECTION, 0x8600_000F, tables, 0, Access.EXECUTE);
      guest.store(guest.frame(table), entry | EntryBits.UXN_TABLE | EntryBits.NS_TABLE);
      assertEquals(0, tables.translate(0, Access.EXECUTE));
      guest.store(guest.frame(table), entry);
    }
  }

  /** EL1 never executes what EL0 can store into. */
  @Test
  void whatUsersCanWriteIsNotExecutable() {
    PageTables tables = guest.builder().build();
    Guest.map(tables, 0, 0, PAGE, CODE);
    long code = guest.load(guest.frame(3));
    guest.store(guest.frame(3), code | EntryBits.AP_EL0);
    assertEquals(0, tables.translate(0, Access.EXECUTE));
    long writable = (code | EntryBits.AP_EL0) & ~EntryBits.AP_READ_ONLY;
    guest.store(guest.frame(3), writable);
    assertFault(FaultKind.PROTECTION, 0x8600_000F, tables, 0, Access.EXECUTE);
    assertEquals(0, tables.translate(0, Access.WRITE));
    long entry = guest.load(guest.frame(2));
    guest.store(guest.frame(2), entry | EntryBits.AP_TABLE_NO_EL0);
    assertEquals(0, tables.translate(0, Access.EXECUTE));
    guest.store(guest.frame(2), entry | EntryBits.AP_TABLE_READ_ONLY);
    assertEquals(0, tables.translate(0, Access.EXECUTE));
  }

  /** It comes before a permission fault. */
  @Test
  void accessFlagFaults() {
    PageTables tables = guest.builder().build();
    Guest.map(tables, 0, 0, PAGE, READ_ONLY);
    Guest.map(tables, 2 * MIB, 2 * MIB, 2 * MIB, DATA);
    guest.store(guest.frame(3), guest.load(guest.frame(3)) & ~EntryBits.AF);
    guest.store(guest.frame(2) + 8, guest.load(guest.frame(2) + 8) & ~EntryBits.AF);
    assertFault(FaultKind.PROTECTION, 0x9600_000B, tables, 0, Access.READ);
    assertFault(FaultKind.PROTECTION, 0x9600_004B, tables, 0, Access.WRITE);
    assertFault(FaultKind.PROTECTION, 0x8600_000A, tables, 2 * MIB, Access.EXECUTE);
  }

  @Test
  void addressSizeFaults() {
    PageTables tables = guest.builder().physicalBits(40).build();
    Guest.map(tables, 0, 0, PAGE, DATA);
    for (int level = 0; level <= 3; level++) {
      long place = guest.frame(level);
      for (int bit = 40; bit < 48; bit++) {
        long entry = guest.load(place);
        guest.store(place, entry | 1L << bit);
        assertFault(FaultKind.NO_MEMORY, 0x9600_0000 | level, tables, 0, Access.READ);
        assertFault(FaultKind.NO_MEMORY, 0x9600_0040 | level, tables, 0, Access.WRITE);
        assertFault(FaultKind.NO_MEMORY, 0x8600_0000 | level, tables, 0, Access.EXECUTE);
        guest.store(place, entry);
      }
      for (int bit = 48; bit < 50; bit++) {
        assertIgnored(tables, place, bit);
      }
    }
    assertEquals(0, tables.translate(0, Access.WRITE));
  }

  /** Bits below a block's output address, and those above the output address that are no rights. */
  @Test
  void bitsWithoutMeaningAreIgnored() {
    PageTables tables = guest.builder().build();
    Guest.map(tables, 0, 0, GIB, DATA);
    for (int bit = 12; bit < 30; bit++) {
      assertIgnored(tables, guest.frame(1), bit);
    }
    for (int bit : new int[] {5, 6, 8, 9, 11, 50, 51, 52, 53, 55, 56, 57, 58, 59, 60, 63}) {
      assertIgnored(tables, guest.frame(1), bit);
    }
    for (int bit : new int[] {2, 5, 6, 7, 10, 11, 50, 51, 52, 58, 59, 60, 61, 63}) {
      assertIgnored(tables, guest.frame(0), bit);
    }
    Guest large = new Guest(Granule.SIXTY_FOUR_KIB, 8);
    PageTables wide = large.builder().build();
    Guest.map(wide, 0, 0, 0x1_0000, DATA);
    for (int bit = 12; bit < 16; bit++) {
      for (int level = 0; level < 3; level++) {
        long entry = large.load(large.frame(level));
        large.store(large.frame(level), entry | 1L << bit);
        assertEquals(0x123, wide.translate(0x123, Access.WRITE));
        large.store(large.frame(level), entry);
      }
    }
  }

  /** Level -1 has entries that lead to tables, and fault status codes of its own. */
  @Test
  void faultsAtLevelMinus1() {
    PageTables tables = guest.builder(52).physicalBits(48).build();
    assertFault(FaultKind.NOT_MAPPED, 0x9600_002B, tables, 0, Access.READ);
    assertFault(FaultKind.NOT_MAPPED, 0x9600_006B, tables, (1L << 52) - 1, Access.WRITE);
    assertFault(FaultKind.NOT_MAPPED, 0x8600_002B, tables, 1L << 51, Access.EXECUTE);
    assertFault(FaultKind.NON_CANONICAL, 0x9600_0004, tables, 1L << 52, Access.READ);
    Guest.map(tables, 0, 0, PAGE, DATA);
    assertFault(FaultKind.NOT_MAPPED, 0x9600_002B, tables, 1L << 48, Access.READ);
    assertFault(FaultKind.NOT_MAPPED, 0x9600_0004, tables, 1L << 39, Access.READ);
    long entry = guest.load(guest.frame(0));
    guest.store(guest.frame(0), entry | 1L << 8);
    assertFault(FaultKind.NO_MEMORY, 0x9600_0029, tables, 0, Access.READ);
    assertFault(FaultKind.NO_MEMORY, 0x8600_0029, tables, 0, Access.EXECUTE);
    guest.store(guest.frame(0), 0x7000_0003L);
    assertFault(FaultKind.NO_MEMORY, 0x9600_0014, tables, 0, Access.READ);
    // A block, where there is none.
    guest.store(guest.frame(0), entry & ~2L);
    assertFault(FaultKind.NOT_MAPPED, 0x9600_002B, tables, 0, Access.READ);
  }

  /** At every level: of tables as of pages. */
  @ParameterizedTest
  @EnumSource
  void addressBitsOutOfTheirPlaceCountForTheOutputSize(Granule granule) {
    Guest own = new Guest(granule, 8);
    PageTables tables = own.builder(52).physicalBits(48).build();
    Guest.map(tables, 0, 0, granule.bytes(), DATA);
    int[] bits = tables.mode().isLpa2() ? new int[] {8, 9, 48, 49} : new int[] {12, 13, 14, 15};
    int level = tables.mode().rootLevel();
    for (int table = 0; level <= 3; level++, table++) {
      for (int bit : bits) {
        long entry = own.load(own.frame(table));
        own.store(own.frame(table), entry | 1L << bit);
        int status = level < 0 ? 0x29 : level;
        assertFault(FaultKind.NO_MEMORY, 0x9600_0000 | status, tables, 0, Access.READ);
        own.store(own.frame(table), entry);
      }
    }
    assertEquals(5, tables.translate(5, Access.WRITE));
  }

  @ParameterizedTest
  @EnumSource
  void addressBitsOutOfTheirPlaceLeadElsewhere(Granule granule) {
    Guest own = new Guest(granule, 8);
    PageTables tables = own.builder(52).build();
    Guest.map(tables, 0, 0, granule.bytes(), DATA);
    long place = own.frame(3 - tables.mode().rootLevel());
    long page = own.load(place);
    long[] entries = {1L << 8, 1L << 9, 1L << 48, 1L << 49};
    long[] addresses = {1L << 50, 1L << 51, 1L << 48, 1L << 49};
    if (!tables.mode().isLpa2()) {
      entries = new long[] {1L << 12, 1L << 13, 1L << 14, 1L << 15};
      addresses = new long[] {1L << 48, 1L << 49, 1L << 50, 1L << 51};
    }
    for (int i = 0; i < 4; i++) {
      own.store(place, page | entries[i]);
      assertEquals(addresses[i] | 0x123, tables.translate(0x123, Access.WRITE));
      assertEquals(addresses[i], tables.mappings().getFirst().physical().value());
    }
  }

  /** A block where the granule has none, and at level 3, is as good as not valid. */
  @Test
  void reservedEntriesAreNotValid() {
    PageTables tables = guest.builder().build();
    Guest.map(tables, 0, 0, PAGE, DATA);
    assertClearBit1(guest, tables, guest.frame(3), 3);
    assertClearBit1(guest, tables, guest.frame(0), 0);
    Guest middle = new Guest(Granule.SIXTEEN_KIB, 8);
    PageTables sixteen = middle.builder().build();
    Guest.map(sixteen, 0, 0, 0x4000, DATA);
    assertClearBit1(middle, sixteen, middle.frame(0), 0);
    assertClearBit1(middle, sixteen, middle.frame(1), 1);
    assertClearBit1(middle, sixteen, middle.frame(3), 3);
    Guest large = new Guest(Granule.SIXTY_FOUR_KIB, 8);
    PageTables sixtyFour = large.builder().build();
    Guest.map(sixtyFour, 0, 0, 0x1_0000, DATA);
    assertClearBit1(large, sixtyFour, large.frame(0), 1);
    assertClearBit1(large, sixtyFour, large.frame(2), 3);
  }

  private static void assertClearBit1(Guest guest, PageTables tables, long place, int level) {
    long entry = guest.load(place);
    guest.store(place, entry & ~2L);
    assertFault(FaultKind.NOT_MAPPED, 0x9600_0004 | level, tables, 0, Access.READ);
    guest.store(place, entry);
    assertEquals(0, tables.translate(0, Access.READ));
  }

  @Test
  void anEntryThatIsNotValidMeansNothingElse() {
    PageTables tables = guest.builder().build();
    guest.store(guest.frame(0), -2L);
    assertFault(FaultKind.NOT_MAPPED, 0x9600_0004, tables, 0, Access.READ);
    Guest.map(tables, 0, 0, PAGE, DATA);
    assertEquals(0, tables.translate(0, Access.READ));
  }

  /** Whatever the level at which the walk would have started. */
  @Test
  void addressesThatTtbr0DoesNotTranslateFaultAtLevel0() {
    for (int bits : new int[] {36, 39, 44, 48, 52}) {
      PageTables tables = guest.builder(bits).build();
      int start = bits == 52 ? 0x9600_002B : 0x9600_0004 | tables.mode().rootLevel();
      assertFault(FaultKind.NOT_MAPPED, start, tables, (1L << bits) - 1, Access.READ);
      for (long address : new long[] {1L << bits, 1L << 55, -1, -(1L << 48), -(1L << 52)}) {
        assertFault(FaultKind.NON_CANONICAL, 0x9600_0004, tables, address, Access.READ);
        assertFault(FaultKind.NON_CANONICAL, 0x8600_0004, tables, address, Access.EXECUTE);
      }
      tables.release();
    }
  }

  @Test
  void aTableOutsideGuestMemoryIsAnExternalAbort() {
    PageTables tables = guest.builder().build();
    Guest.map(tables, 0, 0, PAGE, DATA);
    guest.store(guest.frame(1), 0x7000_0003L);
    assertFault(FaultKind.NO_MEMORY, 0x9600_0016, tables, 0, Access.READ);
    assertFault(FaultKind.NO_MEMORY, 0x8600_0016, tables, 0, Access.EXECUTE);
    guest.store(guest.frame(1), 0x0003L);
    assertFault(FaultKind.NO_MEMORY, 0x9600_0056, tables, 0, Access.WRITE);
  }

  /** Guest memory may end inside a table of 64 KiB that somebody else has made. */
  @Test
  void aTableMayLieInGuestMemoryInPart() {
    MemorySegment bytes = MemorySegment.ofArray(new long[(0x4_0000 + 0x1000) / 8]);
    GuestMemory memory =
        GuestMemory.of(List.of(new MemoryRegion(new PhysicalAddress(0x10_0000), bytes)));
    FrameBitmap frames = FrameBitmap.of(PageSize.SIXTY_FOUR_KIB, memory.regions().getFirst());
    PageTables tables =
        PageTables.builder(new PagingMode(Granule.SIXTY_FOUR_KIB, 42), memory, frames).build();
    bytes.set(ValueLayout.JAVA_LONG, 0, 0x14_0003L);
    assertFault(FaultKind.NOT_MAPPED, 0x9600_0007, tables, 0x1FF_0000, Access.READ);
    assertFault(FaultKind.NO_MEMORY, 0x9600_0017, tables, 0x200_0000, Access.READ);
  }

  private void assertIgnored(PageTables tables, long place, int bit) {
    long entry = guest.load(place);
    guest.store(place, entry | 1L << bit);
    assertEquals(0x123, tables.translate(0x123, Access.WRITE), () -> "bit " + bit);
    guest.store(place, entry);
  }

  private static void assertFault(
      FaultKind kind, int syndrome, PageTables tables, long address, Access access) {
    long translation = tables.translate(address, access);
    assertEquals(kind, Translation.faultKind(translation));
    assertEquals(
        Integer.toHexString(syndrome), Integer.toHexString(Translation.faultDetail(translation)));
  }
}

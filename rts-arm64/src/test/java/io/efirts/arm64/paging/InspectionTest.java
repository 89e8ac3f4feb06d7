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
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.api.memory.CacheType;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.paging.Mapping;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What people are shown of tables is what processors make of them. */
class InspectionTest {
  private final Guest guest = new Guest(Granule.FOUR_KIB, 64);
  private final PageTables tables = guest.builder().build();

  @Test
  void pagesThatContinueEachOtherAreOneMapping() {
    Guest.map(tables, 0, 0, 3 * PAGE, DATA);
    Guest.map(tables, 3 * PAGE, 3 * PAGE, PAGE, DATA);
    Guest.map(tables, 4 * PAGE, 9 * PAGE, PAGE, DATA);
    Guest.map(tables, 5 * PAGE, 10 * PAGE, PAGE, READ_ONLY);
    Guest.map(tables, 6 * PAGE, 11 * PAGE, PAGE, CODE);
    Guest.map(tables, 2 * MIB, 2 * MIB, 4 * MIB, DATA);
    Guest.map(
        tables,
        (1L << 48) - GIB,
        4 * GIB,
        GIB,
        new MappingAttributes(true, true, CacheType.WRITE_THROUGH));
    assertEquals(
        List.of(
            "0000000000000000-0000000000003fff -> 0000000000000 rw- WRITE_BACK 4 KiB",
            "0000000000004000-0000000000004fff -> 0000000009000 rw- WRITE_BACK 4 KiB",
            "0000000000005000-0000000000005fff -> 000000000a000 r-- WRITE_BACK 4 KiB",
            "0000000000006000-0000000000006fff -> 000000000b000 r-x WRITE_BACK 4 KiB",
            "0000000000200000-00000000005fffff -> 0000000200000 rw- WRITE_BACK 2 MiB",
            "0000ffffc0000000-0000ffffffffffff -> 0000100000000 rwx WRITE_THROUGH 1 GiB"),
        tables.mappings().stream().map(Mapping::toString).toList());
  }

  @Test
  void mappingsShowThePermissionsOfAllLevels() {
    Guest.map(tables, 0, 0, PAGE, new MappingAttributes(true, true, CacheType.WRITE_BACK));
    long root = guest.load(guest.frame(0));
    guest.store(guest.frame(0), root | EntryBits.AP_TABLE_READ_ONLY);
    assertEquals("r-x", tables.mappings().getFirst().permissions());
    guest.store(guest.frame(0), root | EntryBits.PXN_TABLE);
    assertEquals("rw-", tables.mappings().getFirst().permissions());
  }

  @Test
  void whatCannotBeReachedIsLeftOut() {
    PageTables narrow = guest.builder().physicalBits(32).build();
    long second = guest.frame(2);
    Guest.map(narrow, 0, 0, PAGE, DATA);
    Guest.map(narrow, GIB, 0, 2 * MIB, DATA);
    Guest.map(narrow, 2 * GIB, GIB, GIB, DATA);
    assertEquals(3, narrow.mappings().size());
    guest.store(second, 0x7000_0003L);
    guest.store(second + 8, guest.load(second + 8) | 1L << 32);
    guest.store(second + 16, guest.load(second + 16) & ~EntryBits.AF);
    assertEquals(List.of(), narrow.mappings());
  }

  @Test
  void aWalkInWords() {
    Guest.map(tables, 0xFFFE_FFE0_1000L, 0x1234_5000, PAGE, READ_ONLY);
    assertEquals(
        List.of(
            "VA 0x0000fffeffe01234, 4 KiB granule, 48 bits, root 0x100000",
            "L0[511] at 0x100ff8 = 0x0000000000101003: table 0x101000 VALID TABLE, so far rwx",
            "L1[507] at 0x101fd8 = 0x0000000000102003: table 0x102000 VALID TABLE, so far rwx",
            "L2[511] at 0x102ff8 = 0x0000000000103003: table 0x103000 VALID TABLE, so far rwx",
            "L3[1] at 0x103008 = 0x0060000012345f8f: 4 KiB page 0x12345000 VALID TABLE ATTR3 RO SH3"
                + " AF nG PXN UXN, so far r-- WRITE_BACK",
            "READ: PA 0x12345234",
            "WRITE: abort, ESR 0x9600004f (data abort, WRITE, permission fault at level 3)",
            "EXECUTE: abort, ESR 0x8600000f (instruction abort, permission fault at level 3)"),
        tables.explain(new VirtualAddress(0xFFFE_FFE0_1234L)));
  }

  @Test
  void aWalkThatEndsEarly() {
    assertEquals(
        List.of(
            "VA 0x0000000000001000, 4 KiB granule, 48 bits, root 0x100000",
            "L0[0] at 0x100000 = 0x0000000000000000: not valid",
            "READ: abort, ESR 0x96000004 (data abort, READ, translation fault at level 0)",
            "WRITE: abort, ESR 0x96000044 (data abort, WRITE, translation fault at level 0)",
            "EXECUTE: abort, ESR 0x86000004 (instruction abort, translation fault at level 0)"),
        tables.explain(new VirtualAddress(0x1000)));
    guest.store(guest.frame(0), 0x3);
    assertEquals(
        List.of(
            "VA 0x0000000000000000, 4 KiB granule, 48 bits, root 0x100000",
            "L0[0] at 0x100000 = 0x0000000000000003: table 0x0 VALID TABLE, so far rwx",
            "L1[0] at 0x0: no memory",
            "READ: abort, ESR 0x96000015 (data abort, READ, external abort on a walk at level 1)",
            "WRITE: abort, ESR 0x96000055 (data abort, WRITE, external abort on a walk at level 1)",
            "EXECUTE: abort, ESR 0x86000015 (instruction abort, external abort on a walk at level"
                + " 1)"),
        tables.explain(new VirtualAddress(0)));
    assertEquals(
        List.of(
            "VA 0x0001000000000000, 4 KiB granule, 48 bits, root 0x100000",
            "READ: abort, ESR 0x96000004 (data abort, READ, translation fault at level 0)",
            "WRITE: abort, ESR 0x96000044 (data abort, WRITE, translation fault at level 0)",
            "EXECUTE: abort, ESR 0x86000004 (instruction abort, translation fault at level 0)"),
        tables.explain(new VirtualAddress(1L << 48)));
  }

  @Test
  void aWalkBeyondTheOutputSize() {
    PageTables narrow = guest.builder(39).physicalBits(36).build();
    guest.store(guest.frame(1), 1L << 36 | 3);
    assertEquals(
        List.of(
            "VA 0x0000000000000000, 4 KiB granule, 39 bits, root 0x101000",
            "L1[0] at 0x101000 = 0x0000001000000003: beyond the output address size",
            "READ: abort, ESR 0x96000001 (data abort, READ, address size fault at level 1)"),
        narrow.explain(new VirtualAddress(0)).subList(0, 3));
  }

  @Test
  void aWalkWithEveryBit() {
    Guest.map(
        tables, 0, 2 * MIB, 2 * MIB, new MappingAttributes(true, false, CacheType.WRITE_COMBINING));
    guest.store(guest.frame(1), guest.load(guest.frame(1)) | 0x1FL << 59);
    guest.store(
        guest.frame(2),
        guest.load(guest.frame(2))
            | EntryBits.NS
            | EntryBits.AP_EL0
            | EntryBits.AP_READ_ONLY
            | EntryBits.GP
            | EntryBits.DBM
            | EntryBits.CONTIGUOUS);
    List<String> lines = tables.explain(new VirtualAddress(0));
    assertEquals(
        "L1[0] at 0x101000 = 0xf800000000102003: table 0x102000 VALID TABLE PXNTable UXNTable"
            + " APTable0 APTable1 NSTable, so far r--",
        lines.get(2));
    assertEquals(
        "L2[0] at 0x102000 = 0x007c000000200fe5: 2 MiB page 0x200000 VALID ATTR1 NS EL0 RO SH3 AF"
            + " nG GP DBM CONTIGUOUS PXN UXN, so far r-- WRITE_COMBINING",
        lines.get(3));
  }

  @Test
  void otherGranulesHaveTheirOwnLevels() {
    Guest large = new Guest(Granule.SIXTY_FOUR_KIB, 4);
    PageTables wide = large.builder(42).asid(3).build();
    Guest.map(wide, 0x1_0000, 0x2_0000, 0x1_0000, DATA);
    assertEquals(
        List.of(
            "VA 0x0000000000010000, 64 KiB granule, 42 bits, root 0x100000",
            "L2[0] at 0x100000 = 0x0000000000110003: table 0x110000 VALID TABLE, so far rwx",
            "L3[1] at 0x110008 = 0x0060000000020f0f: 64 KiB page 0x20000 VALID TABLE ATTR3 SH3 AF"
                + " nG PXN UXN, so far rw- WRITE_BACK",
            "READ: PA 0x20000",
            "WRITE: PA 0x20000",
            "EXECUTE: abort, ESR 0x8600000f (instruction abort, permission fault at level 3)"),
        wide.explain(new VirtualAddress(0x1_0000)));
  }

  /** Bits 9:8 are address, so there is no SH. */
  @Test
  void addressesOf52BitsStartAtLevelMinus1() {
    PageTables wide = guest.builder(52).build();
    Guest.map(wide, 0xF_0000_0000_1000L, 0xE_0000_0000_2000L, PAGE, DATA);
    assertEquals(
        List.of(
            "VA 0x000f000000001234, 4 KiB granule, 52 bits, output 52 bits, root 0x101000",
            "L-1[15] at 0x101078 = 0x0000000000102003: table 0x102000 VALID TABLE, so far rwx",
            "L0[0] at 0x102000 = 0x0000000000103003: table 0x103000 VALID TABLE, so far rwx",
            "L1[0] at 0x103000 = 0x0000000000104003: table 0x104000 VALID TABLE, so far rwx",
            "L2[0] at 0x104000 = 0x0000000000105003: table 0x105000 VALID TABLE, so far rwx",
            "L3[1] at 0x105008 = 0x0062000000002f0f: 4 KiB page 0xe000000002000 VALID TABLE ATTR3"
                + " AF nG PXN UXN, so far rw- WRITE_BACK",
            "READ: PA 0xe000000002234",
            "WRITE: PA 0xe000000002234",
            "EXECUTE: abort, ESR 0x8600000f (instruction abort, permission fault at level 3)"),
        wide.explain(new VirtualAddress(0xF_0000_0000_1234L)));
    assertEquals(
        List.of(
            "VA 0x0000000000000000, 4 KiB granule, 52 bits, output 52 bits, root 0x101000",
            "L-1[0] at 0x101000 = 0x0000000000000000: not valid",
            "READ: abort, ESR 0x9600002b (data abort, READ, translation fault at level -1)"),
        wide.explain(new VirtualAddress(0)).subList(0, 3));
    VirtualAddress address = new VirtualAddress(0xF_0000_0000_1234L);
    assertEquals(0x10_2003, wide.entry(-1, address));
    assertEquals(0x62_0000_0000_2F0FL, wide.entry(3, address));
    assertThrows(IllegalArgumentException.class, () -> wide.entry(-2, address));
  }

  @Test
  void rawEntries() {
    Guest.map(tables, GIB, GIB, GIB, DATA);
    VirtualAddress address = new VirtualAddress(GIB + 5);
    assertEquals(0x0060_0000_4000_0F0DL, tables.entry(1, address));
    assertEquals(0, tables.entry(2, address));
    assertEquals(0, tables.entry(3, new VirtualAddress(0)));
    for (int level : new int[] {-1, 4}) {
      IllegalArgumentException refusal =
          assertThrows(IllegalArgumentException.class, () -> tables.entry(level, address));
      assertEquals(
          "level must be one of the mode's: level=" + level + ", first=0", refusal.getMessage());
    }
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> tables.entry(1, new VirtualAddress(-1)));
    assertEquals(
        "address must be one that the tables translate: address=0xffffffffffffffff, bits=48",
        refusal.getMessage());
  }
}

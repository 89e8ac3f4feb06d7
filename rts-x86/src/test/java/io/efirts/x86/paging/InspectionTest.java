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
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.api.memory.CacheType;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.paging.Mapping;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What people are shown of tables is what processors make of them. */
class InspectionTest {
  private final Guest guest = new Guest(64);
  private final PageTables tables = guest.builder(PagingMode.FOUR_LEVEL).build();

  @Test
  void pagesThatContinueEachOtherAreOneMapping() {
    Guest.map(tables, 0, 0, 3 * PAGE, DATA);
    Guest.map(tables, 3 * PAGE, 3 * PAGE, PAGE, DATA);
    Guest.map(tables, 4 * PAGE, 9 * PAGE, PAGE, DATA);
    Guest.map(tables, 5 * PAGE, 10 * PAGE, PAGE, READ_ONLY);
    Guest.map(tables, 6 * PAGE, 11 * PAGE, PAGE, CODE);
    Guest.map(tables, 2 * MIB, 2 * MIB, 4 * MIB, DATA);
    Guest.map(tables, -GIB, 4 * GIB, GIB, new MappingAttributes(true, true, CacheType.UNCACHED));
    assertEquals(
        List.of(
            "0000000000000000-0000000000003fff -> 0000000000000 rw- WRITE_BACK 4 KiB",
            "0000000000004000-0000000000004fff -> 0000000009000 rw- WRITE_BACK 4 KiB",
            "0000000000005000-0000000000005fff -> 000000000a000 r-- WRITE_BACK 4 KiB",
            "0000000000006000-0000000000006fff -> 000000000b000 r-x WRITE_BACK 4 KiB",
            "0000000000200000-00000000005fffff -> 0000000200000 rw- WRITE_BACK 2 MiB",
            "ffffffffc0000000-ffffffffffffffff -> 0000100000000 rwx UNCACHED 1 GiB"),
        tables.mappings().stream().map(Mapping::toString).toList());
  }

  @Test
  void mappingsShowThePermissionsOfAllLevels() {
    Guest.map(tables, 0, 0, PAGE, DATA);
    guest.store64(tables.root(), guest.load64(tables.root()) & ~EntryBits.RW);
    assertEquals("r--", tables.mappings().getFirst().permissions());
  }

  @Test
  void whatCannotBeReachedIsLeftOut() {
    Guest.map(tables, 0, 0, PAGE, DATA);
    Guest.map(tables, GIB, 0, 2 * MIB, DATA);
    long pointers = tables.tableOf(tables.entry(4, new VirtualAddress(0))).value();
    guest.store64(pointers, 0x7000_0003L);
    guest.store64(pointers + 8, guest.load64(pointers + 8) | EntryBits.PS);
    assertEquals(List.of(), tables.mappings());
  }

  @Test
  void aWalkInWords() {
    Guest.map(tables, 0xFFFF_FFFE_FFE0_1000L, 0x1234_5000, PAGE, READ_ONLY);
    assertEquals(
        List.of(
            "VA 0xfffffffeffe01234, FOUR_LEVEL, root 0x100000",
            "PML4E[511] at 0x100ff8 = 0x0000000000101003: table 0x101000 P RW, so far rwx",
            "PDPTE[507] at 0x101fd8 = 0x0000000000102003: table 0x102000 P RW, so far rwx",
            "PDE[511] at 0x102ff8 = 0x0000000000103003: table 0x103000 P RW, so far rwx",
            "PTE[1] at 0x103008 = 0x8000000012345001: 4 KiB page 0x12345000 P NX,"
                + " so far r-- WRITE_BACK",
            "READ: PA 0x12345234",
            "WRITE: page fault, error code 0x3 (P W)",
            "EXECUTE: page fault, error code 0x11 (P I)"),
        tables.explain(new VirtualAddress(0xFFFF_FFFE_FFE0_1234L)));
  }

  @Test
  void aWalkThatEndsEarly() {
    assertEquals(
        List.of(
            "VA 0x0000000000001000, FOUR_LEVEL, root 0x100000",
            "PML4E[0] at 0x100000 = 0x0000000000000000: not present",
            "READ: page fault, error code 0x0",
            "WRITE: page fault, error code 0x2 (W)",
            "EXECUTE: page fault, error code 0x10 (I)"),
        tables.explain(new VirtualAddress(0x1000)));
    guest.store64(tables.root(), 0x83);
    assertEquals(
        "PML4E[0] at 0x100000 = 0x0000000000000083: reserved bits set: 0x80",
        tables.explain(new VirtualAddress(0)).get(1));
    guest.store64(tables.root(), 0x3);
    assertEquals(
        List.of(
            "VA 0x0000000000000000, FOUR_LEVEL, root 0x100000",
            "PML4E[0] at 0x100000 = 0x0000000000000003: table 0x0 P RW, so far rwx",
            "PDPTE[0] at 0x0: no memory",
            "READ: fault, a table lies outside guest memory",
            "WRITE: fault, a table lies outside guest memory",
            "EXECUTE: fault, a table lies outside guest memory"),
        tables.explain(new VirtualAddress(0)));
    assertEquals(
        List.of(
            "VA 0x0000800000000000, FOUR_LEVEL, root 0x100000",
            "READ: fault, address is not canonical",
            "WRITE: fault, address is not canonical",
            "EXECUTE: fault, address is not canonical"),
        tables.explain(new VirtualAddress(1L << 47)));
  }

  @Test
  void aWalkToALargePageWithEveryBit() {
    Guest.map(
        tables, 0, 2 * MIB, 2 * MIB, new MappingAttributes(true, false, CacheType.WRITE_COMBINING));
    long directory = tables.tableOf(tables.entry(3, new VirtualAddress(0))).value();
    guest.store64(
        directory,
        guest.load64(directory) | EntryBits.US | EntryBits.A | EntryBits.D | EntryBits.G);
    assertEquals(
        "PDE[0] at 0x102000 = 0x80000000002011ff: 2 MiB page 0x200000 P RW US PWT PCD A D PS G PAT"
            + " NX, so far rw- WRITE_COMBINING",
        tables.explain(new VirtualAddress(0)).get(3));
  }

  @Test
  void legacyEntriesHaveEightDigits() {
    PageTables legacy = guest.builder(PagingMode.LEGACY_32).build();
    Guest.map(legacy, 0x1000, 0x2000, PAGE, DATA);
    assertEquals(
        List.of(
            "VA 0x0000000000001000, LEGACY_32, root 0x101000",
            "PDE[0] at 0x101000 = 0x00102003: table 0x102000 P RW, so far rwx",
            "PTE[1] at 0x102004 = 0x00002003: 4 KiB page 0x2000 P RW, so far rwx WRITE_BACK",
            "READ: PA 0x2000",
            "WRITE: PA 0x2000",
            "EXECUTE: PA 0x2000"),
        legacy.explain(new VirtualAddress(0x1000)));
  }

  @Test
  void rawEntries() {
    Guest.map(tables, GIB, GIB, GIB, DATA);
    VirtualAddress address = new VirtualAddress(GIB + 5);
    assertEquals(0x8000_0000_4000_0083L, tables.entry(3, address));
    assertEquals(0, tables.entry(2, address));
    assertEquals(0, tables.entry(1, new VirtualAddress(0)));
    for (int level : new int[] {0, 5}) {
      IllegalArgumentException refusal =
          assertThrows(IllegalArgumentException.class, () -> tables.entry(level, address));
      assertEquals(
          "level must be one of the mode's: level=" + level + ", levels=4", refusal.getMessage());
    }
  }
}

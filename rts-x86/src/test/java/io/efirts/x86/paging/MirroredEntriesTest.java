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
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.memory.Access;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.Translation;
import io.efirts.api.memory.VirtualAddress;
import org.junit.jupiter.api.Test;

/** Copies that follow a host wherever its root leads, in places that nothing else can take. */
class MirroredEntriesTest {
  private static final long HIGH = 0xFFFF_8880_0000_0000L;
  private static final long TOP = 0xFFFF_FF80_0000_0000L;

  private final Guest guest = new Guest(64);
  private final PageTables host = guest.builder(PagingMode.FOUR_LEVEL).build();
  private final PageTables own = guest.builder(PagingMode.FOUR_LEVEL).build();
  private final PhysicalAddress hostRoot = new PhysicalAddress(host.root());

  private MirroredEntries mirror(int level, long first, int count) {
    return own.mirrorEntries(hostRoot, level, new VirtualAddress(first), count);
  }

  private void assertNotMapped(long address) {
    long translation = own.translate(address, Access.READ);
    assertEquals(FaultKind.NOT_MAPPED, Translation.faultKind(translation));
  }

  private static void assertShared(Runnable change) {
    String message = assertThrows(IllegalArgumentException.class, change::run).getMessage();
    assertTrue(
        message.startsWith("range must not lie in entries that were copied: address=0x"), message);
  }

  @Test
  void nothingIsCopiedBeforeASync() {
    Guest.map(host, HIGH, 0x5000, PAGE, DATA);
    MirroredEntries mirrored = mirror(4, HIGH, 1);
    assertNotMapped(HIGH);
    assertEquals(EntryBits.SHARED, own.entry(4, new VirtualAddress(HIGH)));
    mirrored.sync();
    assertEquals(0x5000, own.translate(HIGH, Access.WRITE));
    long hosts = host.entry(4, new VirtualAddress(HIGH));
    assertEquals(hosts | EntryBits.SHARED, own.entry(4, new VirtualAddress(HIGH)));
  }

  /** The tables on the way are made at once, marked, and stay. */
  @Test
  void aTableForCopiesStaysWithoutAnyEntry() {
    int before = guest.framesInUse();
    MirroredEntries mirrored = mirror(3, TOP, 8);
    assertEquals(before + 1, guest.framesInUse());
    long entry = own.entry(4, new VirtualAddress(TOP));
    assertEquals(EntryBits.P | EntryBits.RW | EntryBits.PINNED, entry & 0xFFF);

    Guest.map(own, -GIB, 0, GIB, CODE);
    Guest.unmap(own, -GIB, GIB);
    own.join(new VirtualAddress(TOP), 512 * GIB).flush();
    assertEquals(entry, own.entry(4, new VirtualAddress(TOP)));
    Guest.map(host, TOP + GIB, 0x7000, PAGE, DATA);
    mirrored.sync();
    assertEquals(0x7000, own.translate(TOP + GIB, Access.WRITE));
    own.release();
    host.release();
    assertEquals(0, guest.framesInUse());
  }

  /** Of which the last copy goes. */
  @Test
  void aPinnedTableOutlivesCopiesOfTheOtherKind() {
    mirror(3, TOP, 8);
    long entry = own.entry(4, new VirtualAddress(TOP));
    Guest.map(host, TOP + 100 * GIB, 0x7000, PAGE, DATA);
    PhysicalAddress pointers = host.tableOf(host.entry(4, new VirtualAddress(TOP)));
    SharedEntries shared =
        own.shareEntries(pointers, 100, 3, new VirtualAddress(TOP + 100 * GIB), 1);
    shared.sync().flush();
    assertEquals(0x7000, own.translate(TOP + 100 * GIB, Access.WRITE));
    guest.store64(pointers.value() + 100 * 8, 0);
    shared.sync().flush();
    assertNotMapped(TOP + 100 * GIB);
    assertEquals(entry, own.entry(4, new VirtualAddress(TOP)));
  }

  /** All of what the pinned table translates, but for nothing that is copied. */
  @Test
  void aPinnedTableOutlivesTheUnmappingOfAllThatItTranslates() {
    PageTables deep = guest.builder(PagingMode.FIVE_LEVEL).build();
    Guest.map(deep, -GIB, 0, GIB, CODE);
    PhysicalAddress root = new PhysicalAddress(guest.builder(PagingMode.FIVE_LEVEL).build().root());
    deep.mirrorEntries(root, 3, new VirtualAddress(TOP), 511);
    int before = guest.framesInUse();
    Guest.unmap(deep, -GIB, GIB);
    assertEquals(before, guest.framesInUse());
    assertEquals(EntryBits.PINNED, deep.entry(5, new VirtualAddress(-1)) & EntryBits.PINNED);
    assertEquals(EntryBits.PINNED, deep.entry(4, new VirtualAddress(-1)) & EntryBits.PINNED);
  }

  @Test
  void theirPlacesCannotBeMappedWithOrWithoutACopy() {
    MirroredEntries mirrored = mirror(4, HIGH, 2);
    assertShared(() -> Guest.map(own, HIGH, 0, PAGE, DATA));
    Guest.map(host, HIGH, 0x5000, PAGE, DATA);
    mirrored.sync();
    assertShared(() -> Guest.map(own, HIGH + PAGE, 0, PAGE, DATA));
    assertShared(() -> Guest.unmap(own, HIGH, PAGE));
    assertShared(() -> Guest.protect(own, HIGH, PAGE, READ_ONLY));
    assertShared(() -> Guest.split(own, HIGH, PAGE));
    assertShared(() -> mirror(4, HIGH, 1));
    assertShared(() -> mirror(3, HIGH, 1));
  }

  @Test
  void theyDoNotReplaceWhatIsMapped() {
    Guest.map(own, HIGH + 4 * MIB, 0, PAGE, DATA);
    int before = guest.framesInUse();
    assertEquals(
        "range must not be mapped yet: first=0xffff880000000000, last=0xffff88ffffffffff,"
            + " mapped=0xffff888000000000",
        assertThrows(IllegalArgumentException.class, () -> mirror(4, 0xFFFF_8800_0000_0000L, 2))
            .getMessage());
    assertEquals(
        "range must not be mapped yet: first=0xffff888000000000, last=0xffff88803fffffff,"
            + " mapped=0xffff888000000000",
        assertThrows(IllegalArgumentException.class, () -> mirror(3, HIGH, 1)).getMessage());
    assertEquals(before, guest.framesInUse());
    Guest.unmap(own, HIGH + 4 * MIB, PAGE);
    Guest.map(own, 0, 0, GIB, DATA);
    assertEquals(
        "range must not be mapped yet: first=0x0, last=0x3fffffff, mapped=0x0",
        assertThrows(IllegalArgumentException.class, () -> mirror(3, 0, 1)).getMessage());
  }

  /** A host's entry that is not present may hold anything, and one may lead out of memory. */
  @Test
  void whatCannotBeCopiedIsNotPresent() {
    MirroredEntries mirrored = mirror(3, TOP, 1);
    guest.store64(host.root() + 511 * 8, -2);
    mirrored.sync();
    assertNotMapped(TOP);
    assertEquals(EntryBits.SHARED, own.entry(3, new VirtualAddress(TOP)));
    guest.store64(host.root() + 511 * 8, 0x000F_FFFF_FFFF_F003L);
    mirrored.sync();
    assertNotMapped(TOP);
  }

  @Test
  void whereAPageCouldBeInTheWayNothingIsMirrored() {
    assertEquals(
        "level must not be below that of the largest pages: level=2, largest=3",
        assertThrows(IllegalArgumentException.class, () -> mirror(2, TOP, 1)).getMessage());
    assertEquals(
        "copied entries must lie in one table: count=2, index=511, sourceIndex=511, entries=512",
        assertThrows(IllegalArgumentException.class, () -> mirror(4, -1, 2)).getMessage());
    assertEquals(
        "address must be canonical: address=0x800000000000",
        assertThrows(IllegalArgumentException.class, () -> mirror(4, 1L << 47, 1)).getMessage());
  }
}

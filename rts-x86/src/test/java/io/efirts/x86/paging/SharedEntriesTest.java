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
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.memory.Access;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FlushToken;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.Translation;
import io.efirts.api.memory.VirtualAddress;
import org.junit.jupiter.api.Test;

/** Copies of a host's entries: equal to the host's after each sync, and never our own. */
class SharedEntriesTest {
  private static final long HIGH = 0xFFFF_8880_0000_0000L;
  private static final long TOP = 0xFFFF_FF80_0000_0000L;

  private final Guest guest = new Guest(64);
  private final PageTables host = guest.builder(PagingMode.FOUR_LEVEL).build();
  private final PageTables own = guest.builder(PagingMode.FOUR_LEVEL).build();
  private final PhysicalAddress hostRoot = new PhysicalAddress(host.root());

  @Test
  void whatTheHostMapsBelowACopiedEntryIsSeenAtOnce() {
    Guest.map(host, HIGH, 0, PAGE, DATA);
    assertSame(FlushToken.NONE, own.copyTopLevel(hostRoot, 273, 273));
    assertEquals(0, own.translate(HIGH, Access.WRITE));
    Guest.map(host, HIGH + GIB, GIB, GIB, CODE);
    assertEquals(GIB + 5, own.translate(HIGH + GIB + 5, Access.EXECUTE));
    Guest.unmap(host, HIGH, PAGE);
    assertNotMapped(HIGH);
  }

  @Test
  void newEntriesOfTheHostAreSeenAfterASync() {
    SharedEntries shared = own.shareEntries(hostRoot, 256, 4, new VirtualAddress(-(1L << 47)), 256);
    assertSame(FlushToken.NONE, shared.sync());
    Guest.map(host, HIGH, 0x5000, PAGE, DATA);
    assertNotMapped(HIGH);
    assertSame(FlushToken.NONE, shared.sync());
    assertEquals(0x5000, own.translate(HIGH, Access.WRITE));
    long hosts = host.entry(4, new VirtualAddress(HIGH));
    assertEquals(hosts | EntryBits.SHARED, own.entry(4, new VirtualAddress(HIGH)));
  }

  @Test
  void whatTheHostHasTakenAwayIsGoneAfterASyncAndMustBeFlushed() {
    Guest.map(host, HIGH, 0x5000, PAGE, DATA);
    SharedEntries shared = own.shareEntries(hostRoot, 273, 4, new VirtualAddress(HIGH), 1);
    shared.sync().flush();
    host.unmap(new VirtualAddress(HIGH), PAGE).ignore();
    assertNotSame(FlushToken.NONE, shared.sync());
    assertNotMapped(HIGH);
    assertEquals(0, own.entry(4, new VirtualAddress(HIGH)));
  }

  @Test
  void copiesCannotBeChangedOrOverlaid() {
    Guest.map(host, HIGH, 0, PAGE, DATA);
    own.copyTopLevel(hostRoot, 273, 273).flush();
    assertShared(() -> Guest.map(own, HIGH + GIB, 0, PAGE, DATA));
    assertShared(() -> Guest.unmap(own, HIGH, PAGE));
    assertShared(() -> Guest.protect(own, HIGH, PAGE, READ_ONLY));
    assertShared(() -> own.shareEntries(hostRoot, 0, 3, new VirtualAddress(HIGH), 1).sync());
    assertEquals(0, host.translate(HIGH, Access.WRITE));
  }

  @Test
  void copiesDoNotReplaceWhatIsMapped() {
    Guest.map(own, HIGH, 0, PAGE, DATA);
    Guest.map(host, HIGH, 0x7000, PAGE, DATA);
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> own.copyTopLevel(hostRoot, 272, 273));
    assertEquals(
        "range must not be mapped yet: first=0xffff880000000000, last=0xffff88ffffffffff,"
            + " mapped=0xffff888000000000",
        refusal.getMessage());
    assertEquals(0, own.translate(HIGH, Access.WRITE));
  }

  @Test
  void joiningAndReleasingLeaveTheHostsTablesAlone() {
    for (int i = 0; i < 512; i++) {
      Guest.map(host, HIGH + i * PAGE, i * PAGE, PAGE, DATA);
    }
    own.copyTopLevel(hostRoot, 273, 273).flush();
    assertSame(FlushToken.NONE, own.join(new VirtualAddress(HIGH), GIB));
    int before = guest.framesInUse();
    own.release();
    assertEquals(before - 1, guest.framesInUse());
    assertEquals(511 * PAGE, host.translate(HIGH + 511 * PAGE, Access.WRITE));
  }

  /** As Linux does it: of the last root entry, all is the host's but a window for the firmware. */
  @Test
  void oneTableCanHoldCopiesAndPagesOfOurOwn() {
    Guest.map(host, TOP, 0, PAGE, DATA);
    Guest.map(host, -2 * GIB, GIB, GIB, CODE);
    PhysicalAddress pointers = host.tableOf(host.entry(4, new VirtualAddress(-1)));
    SharedEntries below = own.shareEntries(pointers, 0, 3, new VirtualAddress(TOP), 444);
    SharedEntries above = own.shareEntries(pointers, 508, 3, new VirtualAddress(-4 * GIB), 4);
    below.sync().flush();
    above.sync().flush();
    Guest.map(own, -4 * GIB - 2 * MIB, 0x20_0000, 2 * MIB, CODE);
    assertEquals(0, own.translate(TOP, Access.WRITE));
    assertEquals(GIB + 1, own.translate(-2 * GIB + 1, Access.EXECUTE));
    assertEquals(0x3F_FFFF, own.translate(-4 * GIB - 1, Access.EXECUTE));
    long translation = host.translate(-4 * GIB - 1, Access.EXECUTE);
    assertEquals(FaultKind.NOT_MAPPED, Translation.faultKind(translation));
    assertShared(() -> Guest.unmap(own, -2 * GIB, GIB));

    int before = guest.framesInUse();
    Guest.unmap(own, -4 * GIB - 2 * MIB, 2 * MIB);
    assertEquals(before - 1, guest.framesInUse());
  }

  @Test
  void aTableThatOnlyCopiesNeededGoesWithThem() {
    PageTables other = guest.builder(PagingMode.FOUR_LEVEL).build();
    Guest.map(other, TOP, 0, PAGE, DATA);
    Guest.map(other, TOP + GIB, 0, PAGE, DATA);
    PhysicalAddress pointers = other.tableOf(other.entry(4, new VirtualAddress(TOP)));
    int before = guest.framesInUse();
    SharedEntries shared = own.shareEntries(pointers, 0, 3, new VirtualAddress(TOP), 1);
    shared.sync().flush();
    assertEquals(before + 1, guest.framesInUse());
    other.unmap(new VirtualAddress(TOP), PAGE).ignore();
    before = guest.framesInUse();
    shared.sync().flush();
    assertEquals(before - 1, guest.framesInUse());
    assertEquals(0, own.entry(4, new VirtualAddress(TOP)));
  }

  /** The direct map's entry as entry 0: one table seen at two addresses. */
  @Test
  void copiesMayLieElsewhereThanTheirSource() {
    Guest.map(host, HIGH + 0x6000, 0x6000, PAGE, CODE);
    own.shareEntries(hostRoot, 273, 4, new VirtualAddress(0), 1).sync().flush();
    assertEquals(0x6000, own.translate(0x6000, Access.EXECUTE));
  }

  @Test
  void everyModeCanShare() {
    for (PagingMode mode : PagingMode.values()) {
      PageTables source = guest.builder(mode).build();
      PageTables copy = guest.builder(mode).build();
      Guest.map(source, GIB, 0, 8 * MIB, DATA);
      int last = mode.entries(mode.levels()) - 1;
      copy.copyTopLevel(new PhysicalAddress(source.root()), 0, last).flush();
      assertEquals(8 * MIB - 1, copy.translate(GIB + 8 * MIB - 1, Access.WRITE));
      assertEquals(source.mappings(), copy.mappings());
      copy.release();
      source.release();
    }
  }

  @Test
  void sourcesAndPlacesAreChecked() {
    assertRefused(
        "entries must lie in the root: firstIndex=511, lastIndex=512, entries=512",
        () -> own.copyTopLevel(hostRoot, 511, 512));
    assertRefused(
        "entries must lie in the root: firstIndex=1, lastIndex=0, entries=512",
        () -> own.copyTopLevel(hostRoot, 1, 0));
    assertRefused(
        "copied entries must lie in one table: count=2, index=511, sourceIndex=0, entries=512",
        () -> own.shareEntries(hostRoot, 0, 4, new VirtualAddress(-1), 2));
    assertRefused(
        "copied entries must lie in one table: count=1, index=0, sourceIndex=512, entries=512",
        () -> own.shareEntries(hostRoot, 512, 4, new VirtualAddress(0), 1));
    assertRefused(
        "source must be a table in guest memory: source=PA 0x100008",
        () -> own.copyTopLevel(new PhysicalAddress(0x10_0008), 0, 0));
    assertRefused(
        "source must be a table in guest memory: source=PA 0x0",
        () -> own.copyTopLevel(new PhysicalAddress(0), 0, 0));
    assertRefused(
        "level must be one of the mode's: level=1, levels=4",
        () -> own.shareEntries(hostRoot, 0, 1, new VirtualAddress(0), 1));
    assertRefused(
        "address must be canonical: address=0x800000000000",
        () -> own.shareEntries(hostRoot, 0, 4, new VirtualAddress(1L << 47), 1));
  }

  private void assertNotMapped(long address) {
    long translation = own.translate(address, Access.READ);
    assertEquals(FaultKind.NOT_MAPPED, Translation.faultKind(translation));
  }

  private static void assertRefused(String message, Runnable misuse) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, misuse::run).getMessage());
  }

  private static void assertShared(Runnable change) {
    String message = assertThrows(IllegalArgumentException.class, change::run).getMessage();
    assertTrue(
        message.startsWith("range must not lie in entries that were copied: address=0x"), message);
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.paging;

import static io.efirts.api.memory.MappingAttributes.DATA;
import static io.efirts.api.memory.MappingAttributes.READ_ONLY;
import static io.efirts.x86.paging.Guest.GIB;
import static io.efirts.x86.paging.Guest.MIB;
import static io.efirts.x86.paging.Guest.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.efirts.api.memory.FlushToken;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.VirtualAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What has to be flushed, and that frames are not reused before it was. */
class FlushTokenTest {
  private final Guest guest = new Guest(64);
  private final List<String> flushes = new ArrayList<>();

  private PageTables tables(PagingMode mode) {
    return guest
        .builder(mode)
        .tlbFlush(
            (root, first, last) ->
                flushes.add(
                    "%x %x-%x with %d frames in use"
                        .formatted(root, first, last, guest.framesInUse())))
        .build();
  }

  @Test
  void framesComeBackAfterTheFlush() {
    PageTables tables = tables(PagingMode.FOUR_LEVEL);
    Guest.map(tables, 0, 0, PAGE, DATA);
    assertEquals(4, guest.framesInUse());
    FlushToken token = tables.unmap(new VirtualAddress(0), PAGE);
    assertEquals(4, guest.framesInUse());
    token.flush();
    assertEquals(1, guest.framesInUse());
    assertEquals(List.of("100000 0-fff with 4 frames in use"), flushes);
  }

  @Test
  void framesThatWaitForAFlushAreNotUsedByTheNextChange() {
    PageTables tables = tables(PagingMode.FOUR_LEVEL);
    Guest.map(tables, 0, 0, PAGE, DATA);
    long table = tables.tableOf(tables.entry(2, new VirtualAddress(0))).value();
    FlushToken token = tables.unmap(new VirtualAddress(0), PAGE);
    Guest.map(tables, GIB, 0, 2 * PAGE, READ_ONLY);
    assertEquals(7, guest.framesInUse());
    // A processor that still walks the old table must find nothing new in it.
    assertEquals(0, guest.load64(table));
    token.ignore();
    assertEquals(4, guest.framesInUse());
  }

  @Test
  void ignoringGivesFramesBackWithoutAFlush() {
    PageTables tables = tables(PagingMode.FOUR_LEVEL);
    Guest.map(tables, 0, 0, PAGE, DATA);
    tables.unmap(new VirtualAddress(0), PAGE).ignore();
    assertEquals(1, guest.framesInUse());
    assertEquals(List.of(), flushes);
  }

  @Test
  void framesComeBackOnce() {
    PageTables tables = tables(PagingMode.FOUR_LEVEL);
    Guest.map(tables, 0, 0, PAGE, DATA);
    FlushToken token = tables.unmap(new VirtualAddress(0), PAGE);
    token.ignore();
    Guest.map(tables, 0, 0, PAGE, DATA);
    token.flush();
    token.ignore();
    assertEquals(4, guest.framesInUse());
  }

  @Test
  void whatWasNotPresentNeedsNoFlush() {
    PageTables tables = tables(PagingMode.FOUR_LEVEL);
    assertSame(FlushToken.NONE, map(tables, 0));
    assertSame(FlushToken.NONE, map(tables, GIB));
  }

  /** The processor keeps the four entries of the root in registers. */
  @Test
  void paeNeedsOneWhenTheRootHasGrown() {
    PageTables tables = tables(PagingMode.PAE);
    map(tables, 0).flush();
    assertEquals(List.of("100000 0-fff with 3 frames in use"), flushes);
    assertSame(FlushToken.NONE, map(tables, PAGE));
    assertSame(FlushToken.NONE, map(tables, 2 * MIB));
    map(tables, GIB).flush();
    assertEquals(2, flushes.size());
  }

  @Test
  void splittingJoiningAndProtectingNeedOneIfTheyChangeAnEntry() {
    PageTables tables = tables(PagingMode.FOUR_LEVEL);
    Guest.map(tables, 0, 0, 2 * MIB, DATA);
    assertSame(FlushToken.NONE, tables.protect(new VirtualAddress(0), PAGE, DATA));
    assertSame(FlushToken.NONE, tables.join(new VirtualAddress(0), GIB));
    Guest.protect(tables, 0, PAGE, READ_ONLY);
    Guest.protect(tables, 0, PAGE, DATA);
    FlushToken joined = tables.join(new VirtualAddress(0), GIB);
    assertEquals(4, guest.framesInUse());
    joined.flush();
    assertEquals(
        List.of(
            "100000 0-fff with 4 frames in use",
            "100000 0-fff with 4 frames in use",
            "100000 0-3fffffff with 4 frames in use"),
        flushes);
    assertEquals(3, guest.framesInUse());
  }

  private static FlushToken map(PageTables tables, long address) {
    return tables.map(new VirtualAddress(address), new PhysicalAddress(0), PAGE, DATA);
  }
}
